//! Lists in pages, and lists without an end.

use azdo_bot::contract::Error;
use azdo_bot::devops::List;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::Deserialize;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::server;
use crate::fixture::short;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;

#[derive(Debug, PartialEq, Deserialize)]
struct Item {
    id: u64,
}

fn page(next: &str, ids: &str) -> Script {
    let headers = format!("content-type: application/json\r\nX-MS-ContinuationToken: {next}\r\n");
    reply("200 OK", &headers, format!(r#"{{"count":1,"value":[{ids}]}}"#))
}

fn continuation(seen: &Seen) -> Option<&str> {
    seen.target.split(['?', '&']).find_map(|part| part.strip_prefix("continuationToken="))
}

async fn list(server: &Server) -> Result<Vec<u64>, Error> {
    let limits = NetworkLimits { list_bytes: 2000, object_bytes: 1000, ..short() };
    let connection = connected(server, limits).await;
    let request = Request::get(&["builds"]).query("$top", "2");
    let items: Result<Vec<Item>, Error> = connection.client(&call(), &Tokens::one()).send_list(request).await;
    items.map(|items| items.into_iter().map(|item| item.id).collect()).map_err(checked)
}

#[tokio::test]
async fn pages_are_read_to_the_last_one() {
    let server = server(|seen| match continuation(seen) {
        None => page("2026-11-23T10:00:00.0Z &x=1", r#"{"id":1},{"id":2}"#),
        Some("2026-11-23T10%3A00%3A00.0Z%20%26x%3D1") => page("b", r#"{"id":3}"#),
        Some("b") => json("200 OK", r#"{"count":0,"value":null}"#),
        other => panic!("unexpected request: {other:?}"),
    })
    .await;
    assert_eq!(list(&server).await.expect("it ends"), [1, 2, 3]);
    let targets: Vec<_> = server.seen()[2..].iter().map(|seen| seen.target.contains("$top=2")).collect();
    assert_eq!(targets, [true, true, true]);
}

#[tokio::test]
async fn one_page_is_one_request() {
    let server = server(|_| json("200 OK", r#"{"value":[{"id":7,"new":null}],"count":5}"#)).await;
    assert_eq!(list(&server).await.expect("it is a list"), [7]);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn endless_pages_are_rejected() {
    let same = server(|_| page("a", "")).await;
    assert_eq!(list(&same).await.expect_err("it repeats").code().as_str(), "service.bad_response");
    assert_eq!(same.seen().len(), 4, "the first page, the repeated one");
    let growing =
        server(|seen| page(&format!("{}x", continuation(seen).unwrap_or_default()), r#"{"id":1}"#)).await;
    assert_eq!(
        list(&growing).await.expect_err("it never ends").code().as_str(),
        "service.response_too_large"
    );
}

#[tokio::test]
async fn a_response_that_is_not_a_list_is_not_an_empty_list() {
    for body in ["{}", r#"{"count":0}"#, r#"{"count":1,"value":{"Message":"no"}}"#, "[]", "null"] {
        let server = server(move |_| json("200 OK", body)).await;
        assert_eq!(list(&server).await.expect_err(body).code().as_str(), "service.bad_response", "{body}");
    }
}

#[tokio::test]
async fn a_list_may_be_larger_than_an_object() {
    let body = format!(r#"{{"value":[{}{{"id":1}}]}}"#, " ".repeat(1500));
    let server = server(move |_| json("200 OK", &body)).await;
    let connection =
        connected(&server, NetworkLimits { list_bytes: 2000, object_bytes: 1000, ..short() }).await;
    let (tokens, call) = (Tokens::one(), call());
    let listed: List<Item> =
        connection.client(&call, &tokens).send(Request::get(&["x"]).list()).await.expect("a list's limit");
    assert_eq!((listed.count, listed.value), (None, vec![Item { id: 1 }]));
    let refused = connection.client(&call, &tokens).send::<List<Item>>(Request::get(&["x"])).await;
    assert_eq!(refused.expect_err("an object's limit").code().as_str(), "service.response_too_large");
}

async fn beginning(server: &Server, request: Request<'_>, limit: usize) -> (Vec<u64>, bool) {
    let connection = connected(server, short()).await;
    let page =
        connection.client(&call(), &Tokens::one()).send_page::<Item>(request, limit).await.expect("a list");
    (page.items.into_iter().map(|item| item.id).collect(), page.more)
}

fn sent_queries(server: &Server) -> Vec<String> {
    let query =
        |seen: &Seen| seen.target.split_once('?').map_or_else(String::new, |(_, query)| query.to_owned());
    server.seen()[2..].iter().map(query).collect()
}

#[tokio::test]
async fn no_page_is_requested_beyond_the_limit() {
    type Row = (usize, &'static [u64], bool, &'static [&'static str]);
    let rows: &[Row] = &[
        (1, &[1], true, &["$top=1"]),
        (2, &[1, 2], true, &["$top=2"]),
        (3, &[1, 2, 3], false, &["$top=2", "$top=1&continuationToken=b"]),
        (9, &[1, 2, 3], false, &["$top=2", "$top=2&continuationToken=b"]),
    ];
    for (limit, ids, more, queries) in rows {
        let server = server(|seen| match continuation(seen) {
            // A service may ignore $top.
            None => page("b", r#"{"id":1},{"id":2}"#),
            Some(_) => json("200 OK", r#"{"count":1,"value":[{"id":3}]}"#),
        })
        .await;
        let found = beginning(&server, Request::get(&["builds"]).list_by(2), *limit).await;
        assert_eq!(found, (ids.to_vec(), *more), "{limit}");
        assert_eq!(sent_queries(&server), *queries, "{limit}");
    }
}

#[tokio::test]
async fn a_list_with_counted_pages_ends_with_an_incomplete_page() {
    let there = |query: &str, name: &str| -> usize {
        let value = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|value| value.parse().ok()).expect("a number")
    };
    let counted = move |seen: &Seen| {
        let (_, query) = seen.target.split_once('?').unwrap_or_default();
        let ids = (1..=4).skip(there(query, "$skip")).take(there(query, "$top"));
        let items: Vec<String> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        json("200 OK", format!(r#"{{"value":[{}]}}"#, items.join(",")))
    };
    type Row = (usize, &'static [u64], bool, &'static [&'static str]);
    let rows: &[Row] = &[
        (1, &[1], true, &["$top=2&$skip=0"]),
        (2, &[1, 2], true, &["$top=2&$skip=0", "$top=1&$skip=2"]),
        (4, &[1, 2, 3, 4], false, &["$top=2&$skip=0", "$top=2&$skip=2", "$top=1&$skip=4"]),
        (5, &[1, 2, 3, 4], false, &["$top=2&$skip=0", "$top=2&$skip=2", "$top=2&$skip=4"]),
    ];
    for (limit, ids, more, queries) in rows {
        let server = server(counted).await;
        let found = beginning(&server, Request::get(&["pullrequests"]).list_by_count(2), *limit).await;
        assert_eq!(found, (ids.to_vec(), *more), "{limit}");
        assert_eq!(sent_queries(&server), *queries, "{limit}");
    }
}
