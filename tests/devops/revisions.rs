//! Read, change, write: a concurrent change is a conflict.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Document;
use azdo_bot::devops::Request;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::envelope;
use crate::fixture::server;
use crate::fixture::short;
use crate::server::Server;
use crate::server::json;

async fn rename(server: &Server) -> Result<Document, Error> {
    let connection = connected(server, short()).await;
    let place = ["build", "definitions", "7"];
    connection
        .client(&call(), &Tokens::one())
        .revise(
            "the pipeline \"site\"",
            || Request::get(&place),
            |document| document.set("name", &"new"),
            |document| Request::put(&place).json(document),
        )
        .await
        .map_err(checked)
}

#[tokio::test]
async fn a_record_is_written_back_with_its_revision_and_its_unchanged_fields() {
    let server = server(|seen| match seen.method.as_str() {
        "PUT" => json("200 OK", r#"{"revision":4,"name":"new"}"#),
        _ => json("200 OK", r#"{"revision":3,"name":"old","other":{"a":1.0}}"#),
    })
    .await;
    let document = rename(&server).await.expect("it was not changed meanwhile");
    assert_eq!(document.revision(), Some(4));
    let seen = server.seen();
    let put = seen.last().expect("there is one");
    assert_eq!(put.body, br#"{"revision":3,"name":"new","other":{"a":1.0}}"#);
    assert_eq!(seen.len(), 2 + 2);
}

#[tokio::test]
async fn another_revision_is_a_conflict_for_every_form_of_rejection() {
    for status in ["400 Bad Request", "409 Conflict", "412 Precondition Failed"] {
        let moved_on = AtomicBool::new(false);
        let server = server(move |seen| match seen.method.as_str() {
            "PUT" => {
                moved_on.store(true, Ordering::Relaxed);
                envelope(status, "Other", "an older one")
            }
            _ if moved_on.load(Ordering::Relaxed) => json("200 OK", r#"{"revision":5}"#),
            _ => json("200 OK", r#"{"revision":3}"#),
        })
        .await;
        let error = rename(&server).await.expect_err("it was changed meanwhile");
        assert_eq!(error.code(), ErrorCode::ResourceConflict, "{status}");
        assert!(
            error.message().contains("the pipeline \"site\"") && error.message().contains("is at 5 now"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_rejection_for_another_reason_is_returned_unchanged() {
    let server = server(|seen| match seen.method.as_str() {
        "PUT" => envelope("400 Bad Request", "Other", "a bad name"),
        _ => json("200 OK", r#"{"revision":3}"#),
    })
    .await;
    let error = rename(&server).await.expect_err("it is refused");
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    assert!(error.message().contains("a bad name"), "{error}");
}
