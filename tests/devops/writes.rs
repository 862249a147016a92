//! A change that may have arrived is never sent again; a lost response is an unknown outcome.

use azdo_bot::contract::Call;
use azdo_bot::contract::Error;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::fixture::PROJECT_ID;
use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::envelope;
use crate::fixture::hasty;
use crate::fixture::server;
use crate::fixture::short;
use crate::server::Script;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::raw;
use crate::server::reply;

async fn post(connection: &Connection, call: &Call) -> Result<(), Error> {
    let request = Request::post(&["pipelines", "7", "runs"]).named("run the pipeline 7");
    let request = request.json(&serde_json::json!({})).expect("it has a JSON form");
    connection.client(call, &Tokens::one()).send::<IgnoredAny>(request).await.map(drop).map_err(checked)
}

fn posts(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.method == "POST").count()
}

#[tokio::test]
async fn a_lost_response_is_an_unknown_outcome_and_the_change_is_sent_once() {
    type Row = (&'static str, fn() -> Script);
    let rows: &[Row] = &[
        ("reset", || vec![Step::Reset]),
        ("closed", || vec![Step::Close]),
        ("silence", || vec![Step::Silence]),
        ("no HTTP", || raw("?\r\n\r\n")),
        ("half an answer", || {
            vec![Step::Write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()), Step::Close]
        }),
        ("502", || reply("502 Bad Gateway", "", "")),
        ("504", || reply("504 Gateway Timeout", "", "")),
        ("success in half a value", || json("200 OK", "{\"id\":")),
        ("success as a web page", || reply("200 OK", "content-type: text/html\r\n", "<html>")),
        ("success in an unknown encoding", || reply("201 Created", "content-encoding: br\r\n", "x")),
    ];
    for (what, script) in rows {
        let server = server(move |_| script()).await;
        let connection = connected(&server, hasty()).await;
        let call = call();
        let error = post(&connection, &call).await.expect_err(what);
        assert_eq!(error.code().as_str(), "service.outcome_unknown", "{what}: {error:?}");
        assert!(error.message().contains("run the pipeline 7"), "{what}: {error}");
        assert_eq!(posts(&server), 1, "{what}");
        assert_eq!(call.requests(), 1, "{what}");
        assert_eq!(call.unknown_change().as_deref(), Some("run the pipeline 7"), "{what}");
        let session = server.seen()[0].header("x-tfs-session").map(str::to_owned);
        assert_eq!(error.context_value("tfsSession"), session.as_deref(), "{what}");
        assert!(error.context_value("time").is_some_and(|time| time.ends_with('Z')), "{what}");
    }
}

#[tokio::test]
async fn any_other_response_settles_a_change_which_is_not_retried() {
    type Row = (fn() -> Script, &'static str);
    let rows: &[Row] = &[
        (|| json("200 OK", "{}"), "done"),
        (|| json("204 No Content", ""), "done"),
        (|| envelope("400 Bad Request", "PipelineValidationException", "no"), "service.rejected"),
        (|| envelope("409 Conflict", "X", "TF400948: taken"), "resource.conflict"),
        (|| reply("403 Forbidden", "", ""), "permission.denied"),
        (|| reply("429 Too Many Requests", "retry-after: 3600\r\n", ""), "service.rate_limited"),
        (|| reply("500 Internal Server Error", "", ""), "service.unavailable"),
        (|| reply("503 Service Unavailable", "", ""), "service.unavailable"),
    ];
    for (script, code) in rows {
        let server = server(move |_| script()).await;
        let connection = connected(&server, short()).await;
        let call = call();
        let result = post(&connection, &call).await;
        assert_eq!(result.map_or_else(|error| error.code().as_str(), |()| "done"), *code);
        assert_eq!((posts(&server), call.requests(), call.unknown_change()), (1, 1, None), "{code}");
    }
}

#[tokio::test]
async fn a_change_is_sent_again_only_on_a_connection_that_never_carried_it() {
    // The server closes the idle connection after each response: the client sees that before it writes.
    let server = server(|seen| {
        let mut script = if seen.method == "POST" { json("200 OK", "{}") } else { json("200 OK", "[]") };
        script.push(Step::Close);
        script
    })
    .await;
    let connection = connected(&server, short()).await;
    for sent in 1..=20 {
        let call = call();
        post(&connection, &call).await.expect("a closed idle connection is no failure");
        assert_eq!(posts(&server), sent);
    }
}

#[tokio::test]
async fn a_closed_connection_retries_a_read_and_never_a_change() {
    // The connection is used once before, so that it is a reused one when it is closed.
    let server = server(|seen| match (seen.method.as_str(), seen.path().ends_with("/warm")) {
        ("GET", true) => json("200 OK", "[]"),
        _ => vec![Step::Close],
    })
    .await;
    let connection = connected(&server, short()).await;
    let (tokens, call) = (Tokens::one(), call());
    let warm = || Request::get(&["warm"]);
    connection.client(&call, &tokens).send::<IgnoredAny>(warm()).await.expect("it succeeds");
    let error = post(&connection, &call).await.expect_err("the connection ended");
    assert_eq!(error.code().as_str(), "service.outcome_unknown");
    assert_eq!(posts(&server), 1);

    connection.client(&call, &tokens).send::<IgnoredAny>(warm()).await.expect("it succeeds");
    let result = connection.client(&call, &tokens).send::<IgnoredAny>(Request::get(&["cold"])).await;
    assert_eq!(result.map(drop).expect_err("the connection ended").code().as_str(), "network.failed");
    let cold = format!("/fabrikam/{PROJECT_ID}/_apis/cold");
    assert_eq!(server.seen().iter().filter(|seen| seen.path() == cold).count(), 3, "three attempts");
}

#[tokio::test]
async fn a_change_that_cannot_be_sent_is_retried_and_is_settled() {
    let server = server(|_| vec![Step::Close]).await;
    let address = server.address();
    let connection = connected(&server, short()).await;
    drop(server);
    // The listener is dropped with its server; open connections are closed with their tasks.
    let mut last = None;
    for _ in 0..5 {
        // A separate call: an earlier request on an open connection stays unknown.
        let call = call();
        let error = post(&connection, &call).await.expect_err("the connection is refused");
        if error.code().as_str() == "network.failed" {
            assert_eq!(call.unknown_change(), None);
            last = Some(error);
            break;
        }
    }
    let error = last.expect("with no kept connection left, nothing can be sent");
    assert_eq!(error.message(), format!("Could not run the pipeline 7: {address}: connection refused"));
}
