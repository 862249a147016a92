//! The requests of a throttled user wait until their deadline, in order, and slow down.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::Retry;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::TextKind as _;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use crate::fixture::PROJECT_ID;
use crate::fixture::Tokens;
use crate::fixture::USER_ID;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::envelope;
use crate::fixture::fabrikam;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::server;
use crate::fixture::token;
use crate::fixture::well;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;
use crate::virtual_time::in_virtual_time;

/// A call with the time limit of an action
fn call() -> Call {
    Call::until(Instant::now() + Duration::from_secs(55))
}

pub(crate) fn read(name: &str) -> Request<'_> {
    Request::get(&["git", "repositories", name]).named("read it")
}

pub(crate) async fn send(connection: &Connection, request: Request<'_>) -> Result<(), Error> {
    connection.client(&call(), &Tokens::one()).send::<IgnoredAny>(request).await.map(drop).map_err(checked)
}

pub(crate) async fn connected(server: &Server) -> Arc<Connection> {
    let network = Network::new(options(NetworkLimits::default()));
    Arc::new(connect_to(&network, &server.url(), &Tokens::one(), &call()).await.expect("it connects"))
}

/// The number of requests without those of Connect
pub(crate) fn sent(server: &Server) -> usize {
    server.seen().iter().filter(|seen| well(seen).is_none()).count()
}

pub(crate) fn done() -> Script {
    json("200 OK", "{}")
}

pub(crate) fn slow_down(headers: &str) -> Script {
    let body = r#"{"message":"TF400733: The request has been canceled","typeKey":"RequestBlockedException"}"#;
    reply("429 Too Many Requests", &format!("content-type: application/json\r\n{headers}"), body)
}

/// A server that rejects each path once, with these headers
async fn refusing_once(headers: &'static str) -> Server {
    let seen_before = Mutex::new(HashMap::new());
    server(move |seen| {
        let mut seen_before = seen_before.lock().expect("no test panics here");
        let times = seen_before.entry(seen.target.clone()).or_insert(0);
        *times += 1;
        if *times == 1 { slow_down(headers) } else { done() }
    })
    .await
}

#[tokio::test]
async fn forty_reads_that_are_each_rejected_once_all_succeed() {
    in_virtual_time(async {
        // The maximum number of requests in flight. Each further one would be rejected after the pause of the earlier
        // ones, and the time limit does not suffice for 40 with consecutive pauses of 20 s.
        let together = ("retry-after: 20\r\n", 24);
        let rows = [("retry-after: 1\r\n", 40), ("retry-after: 0\r\n", 40), ("", 40), together];
        for (headers, count) in rows {
            let server = refusing_once(headers).await;
            let connection = connected(&server).await;
            let reads = (0..count).map(|number| {
                let connection = connection.clone();
                tokio::spawn(async move { send(&connection, read(&format!("r{number}"))).await })
            });
            for result in futures_util::future::join_all(reads).await {
                result.expect("no test panics here").expect("there is time");
            }
            assert_eq!(sent(&server), 2 * count, "{headers}");
        }
    })
    .await;
}

/// The responses to the tokens of several users
fn of_users(seen: &Seen, users: &[(&str, &str)]) -> Option<Script> {
    let header = seen.header("authorization").unwrap_or_default();
    let (_, id) = users.iter().find(|(token, _)| header == crate::tokens::header(token))?;
    match seen.path() {
        "/fabrikam/_apis/connectionData" => {
            let user = format!(r#"{{"id":"{id}","providerDisplayName":"Mona"}}"#);
            Some(json("200 OK", format!(r#"{{"authenticatedUser":{user},"authorizedUser":{user}}}"#)))
        }
        "/fabrikam/_apis/projects/Fabrikam" => Some(fabrikam()),
        _ => None,
    }
}

async fn connect_with(network: &Network, server: &Server, reference: &str, token: &str) -> Connection {
    let (organization, project) = (organization(&server.url()), project("Fabrikam"));
    let credential = Credential::parse(reference).expect("it is a reference");
    let request =
        ConnectRequest { organization: &organization, project: &project, credential, scheme: Scheme::Basic };
    network.connect(request, &Tokens::new(&[token]), &call()).await.expect("it connects")
}

#[tokio::test]
async fn all_credentials_of_one_user_share_one_limit() {
    in_virtual_time(async {
        let tokens = ["a", "b", "c"].map(|name| format!("{}-{name}", token()));
        let [own, second, other] = tokens.clone();
        let limited = own.clone();
        let server = Server::start(move |seen| {
            let [own, second, other] = &tokens;
            let rival = "c0ffee00-0000-4000-8000-000000000002";
            let users = [(own.as_str(), USER_ID), (second.as_str(), USER_ID), (other.as_str(), rival)];
            match of_users(seen, &users) {
                Some(script) => script,
                None if seen.header("authorization") == Some(&crate::tokens::header(&limited)) => {
                    slow_down("retry-after: 30\r\n")
                }
                None => done(),
            }
        })
        .await;
        let network = Network::new(options(NetworkLimits::default()));
        let mona = connect_with(&network, &server, "env:A", &own).await;
        let monas_second = connect_with(&network, &server, "env:B", &second).await;
        let hubot = connect_with(&network, &server, "env:C", &other).await;
        let start = Instant::now();
        let short = Call::until(start + Duration::from_secs(5));
        let result = mona.client(&short, &Tokens::one()).send::<IgnoredAny>(read("site")).await;
        assert_eq!(result.map(drop).expect_err("it is limited").code().as_str(), "service.rate_limited");
        send(&hubot, read("site")).await.expect("another user is not limited");
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        send(&monas_second, read("site")).await.expect("it waits");
        assert!(start.elapsed() >= Duration::from_secs(30), "{:?}", start.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_rejected_change_is_sent_again_and_counted_once_as_in_flight() {
    in_virtual_time(async {
        type Way = fn() -> Request<'static>;
        let content = serde_json::json!({ "name": "site" });
        let ways: [Way; 5] = [
            || {
                Request::post(&["x"])
                    .json(&serde_json::json!({ "name": "site" }))
                    .expect("it has a JSON form")
            },
            || Request::put(&["x"]).json(&serde_json::json!({ "name": "site" })).expect("it has a JSON form"),
            || {
                Request::patch(&["x"])
                    .json(&serde_json::json!({ "name": "site" }))
                    .expect("it has a JSON form")
            },
            || Request::delete(&["x"]),
            || Request::post(&["x"]).file(vec![7; 100_000]),
        ];
        for way in ways {
            let server = refusing_once("retry-after: 2\r\n").await;
            let connection = connected(&server).await;
            let (call, tokens) = (call(), Tokens::one());
            let unsettled = async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                call.unknown_change()
            };
            let sending = connection.client(&call, &tokens).send::<IgnoredAny>(way());
            let (result, unsettled) = tokio::join!(sending, unsettled);
            result.expect("the second attempt succeeds");
            assert_eq!(unsettled, None, "nothing is in flight while it waits");
            let seen: Vec<Seen> = server.seen().into_iter().filter(|seen| well(seen).is_none()).collect();
            assert_eq!(seen.len(), 2);
            assert_eq!(seen[0].body, seen[1].body);
            let body: Option<serde_json::Value> = serde_json::from_slice(&seen[1].body).ok();
            assert!(body.is_none_or(|body| body == content));
            assert_eq!(call.unknown_change(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_blocked_request_was_not_carried_out_whatever_its_status() {
    in_virtual_time(async {
        for status in ["429 Too Many Requests", "503 Service Unavailable", "200 OK"] {
            let number = AtomicUsize::new(0);
            let server = server(move |_| match number.fetch_add(1, Ordering::SeqCst) {
                0 => envelope(status, "RequestBlockedException", "TF400733: The request has been canceled"),
                _ => done(),
            })
            .await;
            let connection = connected(&server).await;
            send(&connection, Request::post(&["x"])).await.expect(status);
            assert_eq!(sent(&server), 2, "{status}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_is_not_retried_after_unavailable_even_with_retry_after() {
    in_virtual_time(async {
        let server = server(|_| reply("503 Service Unavailable", "retry-after: 1\r\n", "")).await;
        let connection = connected(&server).await;
        let error = send(&connection, Request::post(&["x"])).await.expect_err("it is not there");
        assert_eq!((error.code().as_str(), sent(&server)), ("service.unavailable", 1));
    })
    .await;
}

#[tokio::test]
async fn rejections_do_not_use_up_the_attempts_for_errors() {
    in_virtual_time(async {
        for refusal in [
            || slow_down(""),
            || slow_down("retry-after: 1\r\n"),
            || reply("503 Service Unavailable", "retry-after: 1\r\n", ""),
        ] {
            let number = AtomicUsize::new(0);
            let server = server(move |_| match number.fetch_add(1, Ordering::SeqCst) {
                0..5 => refusal(),
                5 | 6 => reply("503 Service Unavailable", "", ""),
                7..9 => refusal(),
                _ => done(),
            })
            .await;
            let connection = connected(&server).await;
            send(&connection, read("site")).await.expect("there is time");
            assert_eq!(sent(&server), 10);
        }
    })
    .await;
}

#[tokio::test]
async fn the_error_names_the_requested_wait_and_the_time_left() {
    in_virtual_time(async {
        let server = server(|_| slow_down("retry-after: 90\r\nactivityid: x\r\n")).await;
        let connection = connected(&server).await;
        let start = Instant::now();
        let error = send(&connection, read("site")).await.expect_err("there is less time");
        assert!(start.elapsed() < Duration::from_secs(1), "it fails at once");
        assert_eq!(
            error.message(),
            "Could not read it: Azure DevOps asks to wait for 90 s, but only 55 s of the action's time limit are left"
        );
        assert_eq!(error.code().as_str(), "service.rate_limited");
        assert_eq!(error.retry_advice(), Retry::After(Duration::from_secs(90)));
        assert_eq!(error.context_value("retryAfterSeconds"), Some("90"));
        assert_eq!(error.context_value("status"), Some("429"));
        assert_eq!(error.context_value("typeKey"), Some("RequestBlockedException"));

        // The next one is not sent and fails in the same way; one with more time waits.
        let patient = Call::until(Instant::now() + Duration::from_secs(300));
        let waiting = {
            let connection = connection.clone();
            tokio::spawn(async move {
                connection.client(&patient, &Tokens::one()).send::<IgnoredAny>(read("site")).await.map(drop)
            })
        };
        tokio::time::sleep(Duration::from_secs(10)).await;
        let before = sent(&server);
        let short = Call::until(Instant::now() + Duration::from_secs(30));
        let result = connection.client(&short, &Tokens::one()).send::<IgnoredAny>(read("site")).await;
        let error = result.map(drop).expect_err("the wait is too long");
        assert_eq!(
            error.message(),
            "Could not read it: Azure DevOps asks to wait for 80 s, but only 30 s of the action's time limit are left; \
             1 other request of this user is waiting"
        );
        assert_eq!((sent(&server), short.requests()), (before, 0));
        waiting.abort();
    })
    .await;
}

#[tokio::test]
async fn without_retry_after_requests_are_retried_until_the_deadline() {
    in_virtual_time(async {
        let server = server(|_| slow_down("")).await;
        let connection = connected(&server).await;
        let start = Instant::now();
        let error = send(&connection, read("site")).await.expect_err("it never succeeds");
        assert!(start.elapsed() > Duration::from_secs(40), "{:?}", start.elapsed());
        assert_eq!((error.code().as_str(), error.retry_advice()), ("service.rate_limited", Retry::Later));
        assert_eq!(error.context_value("retryAfterSeconds"), None);
        assert!(error.message().contains("limits the request rate of this user"), "{error}");
        assert!((6..=16).contains(&sent(&server)), "{} attempts", sent(&server));
    })
    .await;
}

#[tokio::test]
async fn connect_waits_too() {
    in_virtual_time(async {
        let number = AtomicUsize::new(0);
        let server = Server::start(move |seen| match number.fetch_add(1, Ordering::SeqCst) {
            0..3 => slow_down("retry-after: 1\r\n"),
            _ if seen.path().ends_with("connectionData") => connection_data(),
            _ => fabrikam(),
        })
        .await;
        let start = Instant::now();
        connected(&server).await;
        assert!((1..5).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_download_waits_too() {
    in_virtual_time(async {
        let server = refusing_once("retry-after: 1\r\n").await;
        let connection = connected(&server).await;
        let link = format!("{}/{PROJECT_ID}/_apis/resources/Containers/7", server.url());
        let (call, tokens) = (call(), Tokens::one());
        let request = Request::get(&["x"]).named("download it");
        let mut download = connection
            .client(&call, &tokens)
            .download(&request, &link)
            .await
            .map_err(checked)
            .expect("there is time");
        let piece = download.next().await.expect("it continues").expect("it is not empty");
        assert_eq!((piece.as_ref(), sent(&server)), (&b"{}"[..], 2));

        let short = Call::until(Instant::now() + Duration::from_millis(500));
        let link = format!("{link}?again");
        let error = connection
            .client(&short, &tokens)
            .download(&request, &link)
            .await
            .map(drop)
            .expect_err("no time");
        assert_eq!(error.code().as_str(), "service.rate_limited");
        assert_eq!(
            (error.context_value("retryAfterSeconds"), error.context_value("status")),
            (Some("1"), Some("429"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_wait_is_reported() {
    in_virtual_time(async {
        let server = refusing_once("retry-after: 3\r\n").await;
        let connection = connected(&server).await;
        let (call, tokens) = (call(), Tokens::one());
        let sending = connection.client(&call, &tokens).send::<IgnoredAny>(read("site"));
        let (result, report) = tokio::join!(sending, call.next_wait());
        result.expect("there is time");
        assert_eq!(report, "Waiting about 3 s to read it: Azure DevOps limits the request rate of this user");
    })
    .await;
}
