//! Every rejection of a request on an open connection, and its error.

use azdo_bot::contract::Error;
use azdo_bot::contract::Masker;
use azdo_bot::contract::Retry;
use azdo_bot::contract::Scope;
use azdo_bot::contract::permissions;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::Deserialize;
use std::time::Duration;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::envelope;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::token;
use crate::server::Script;
use crate::server::json;
use crate::server::reply;

#[derive(Debug, Deserialize)]
struct Thing {
    #[allow(dead_code)] // only that it can be read matters
    id: u64,
}

/// Returns the error of a request with this response
pub(crate) async fn answered(script: impl Fn() -> Script + Send + Sync + 'static) -> Error {
    let server = server(move |_| script()).await;
    let connection = connected(&server, NetworkLimits { attempts: 1, ..short() }).await;
    let request = Request::get(&["git", "repositories", "site"])
        .named("read the repository \"site\"")
        .missing("the repository \"site\"")
        .scope(Scope::CodeRead)
        .permission(permissions::READ_REPOSITORY);
    checked(connection.client(&call(), &Tokens::one()).send::<Thing>(request).await.expect_err("it fails"))
}

#[tokio::test]
async fn each_rejection_has_its_code() {
    type Row = (fn() -> Script, &'static str);
    let rows: &[Row] = &[
        (
            || reply("200 OK", "content-type: text/html\r\n", "<html>hidden portal</html>"),
            "service.bad_response",
        ),
        (
            || reply("301 Moved Permanently", "location: https://elsewhere.example/\r\n", ""),
            "service.bad_response",
        ),
        (|| reply("304 Not Modified", "", ""), "service.bad_response"),
        (
            || envelope("403 Forbidden", "GitNeedsPermissionException", "TF401027: You need 'GenericRead'"),
            "permission.denied",
        ),
        (|| envelope("403 Forbidden", "VssServiceException", "VS403463: The policy"), "permission.denied"),
        (
            || envelope("404 Not Found", "GitRepositoryNotFoundException", "TF401019: The Git"),
            "resource.not_found",
        ),
        (
            || reply("404 Not Found", "content-type: text/plain\r\n", "The controller for path"),
            "resource.not_found",
        ),
        (
            || envelope("404 Not Found", "ProjectDoesNotExistException", "VS800075: The project"),
            "project.not_found",
        ),
        (
            || envelope("500 Internal Server Error", "PipelineNotFoundException", "The pipeline '9'"),
            "resource.not_found",
        ),
        (|| envelope("409 Conflict", "X", "TF400948: A Git repository with the name"), "resource.conflict"),
        (
            || envelope("400 Bad Request", "PipelineValidationException", "/a.yml (Line: 3, Col: 3)"),
            "service.rejected",
        ),
        (
            || reply("400 Bad Request", "content-type: text/html\r\n", "<html>hidden</html>"),
            "service.bad_response",
        ),
        (|| reply("407 Proxy Authentication Required", "", ""), "network.failed"),
        (|| reply("429 Too Many Requests", "retry-after: 60\r\n", "<html>"), "service.rate_limited"),
        (|| reply("500 Internal Server Error", "", "hidden stack trace"), "service.unavailable"),
        (|| reply("503 Service Unavailable", "", ""), "service.unavailable"),
        (
            || envelope("503 Service Unavailable", "VssServiceException", "TF24668: stopped"),
            "organization.disabled",
        ),
        (|| json("200 OK", r#"{"typeKey":"XException","message":"odd"}"#), "service.rejected"),
        (|| json("200 OK", r#"{"value":"<html>hidden</html>"}"#), "service.bad_response"),
    ];
    for (at, (script, code)) in rows.iter().enumerate() {
        let error = answered(*script).await;
        assert_eq!(error.code().as_str(), *code, "row {at}: {error:?}");
        assert!(!format!("{error:?}").contains("hidden"), "row {at}: {error:?}");
        assert_eq!(error.operation_name(), Some("GET git/repositories/site"), "row {at}");
    }
}

#[tokio::test]
async fn errors_contain_the_activity_id_and_no_personal_data() {
    let headers = "content-type: application/json\r\nX-VSS-UserData: c0ffee:mona@fabrikam.example\r\n\
                   X-VSS-E2EID: 00000000-0000-4000-8000-000000000007\r\n";
    let body = r#"{"message":"no","typeKey":"BuildNotFoundException"}"#;
    let server = server(move |_| reply("404 Not Found", headers, body)).await;
    let connection = connected(&server, short()).await;
    let call = call();
    let error = connection
        .client(&call, &Tokens::one())
        .send::<Thing>(Request::get(&["build"]))
        .await
        .expect_err("404");
    assert_eq!(error.context_value("activityId"), Some("00000000-0000-4000-8000-000000000007"));
    assert_eq!(error.context_value("status"), Some("404"));
    assert_eq!(error.context_value("typeKey"), Some("BuildNotFoundException"));
    assert_eq!(call.activity().as_deref(), Some("00000000-0000-4000-8000-000000000007"));
    assert!(!format!("{error:?}").contains("mona"), "{error:?}");
}

#[tokio::test]
async fn an_echoed_token_is_masked_in_every_spelling() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!(":{}", token()));
    let message = format!("bad header Basic {encoded} or {} \\u001b[2J", token());
    for status in ["400 Bad Request", "404 Not Found", "409 Conflict", "503 Service Unavailable"] {
        let message = message.clone();
        // `answered` searches the whole error for the token.
        let error = answered(move || envelope(status, "XException", &message)).await;
        let text = format!("{error:?}");
        assert!(text.contains("********") && !text.contains('\u{1b}'), "{text}");
    }
    let echo = format!("\"{}\"", token());
    answered(move || json("200 OK", &echo)).await;
    let type_key = token().to_owned();
    answered(move || envelope("400 Bad Request", &type_key, "no")).await;
    let header = format!("activityid: {}\r\ncontent-type: application/json\r\n", token());
    answered(move || reply("400 Bad Request", &header, r#"{"message":"no"}"#)).await;
}

#[tokio::test]
async fn a_long_message_is_complete_until_it_is_masked_and_cut() {
    let error = answered(|| envelope("400 Bad Request", "XException", &"x".repeat(5000))).await;
    assert!(error.message().chars().count() > 5000, "{}", error.message().len());
    let shown = error.excerpt(&Masker::default());
    assert_eq!(shown.message().chars().count(), 2001);
}

#[tokio::test]
async fn retry_after_is_passed_on() {
    let error = answered(|| reply("429 Too Many Requests", "retry-after: 60\r\n", "")).await;
    assert_eq!(error.retry_advice(), Retry::After(Duration::from_secs(60)));
    assert_eq!(error.context_value("retryAfterSeconds"), Some("60"));
    let error = answered(|| reply("503 Service Unavailable", "", "")).await;
    assert_eq!((error.retry_advice(), error.context_value("retryAfterSeconds")), (Retry::Later, None));
    let error = answered(|| reply("503 Service Unavailable", "", "")).await;
    assert_eq!(error.retry_advice(), Retry::Later);
}
