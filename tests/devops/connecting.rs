//! Connect sends two concurrent requests.

use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;
use tokio::sync::Barrier;

use crate::fixture::PROJECT_ID;
use crate::fixture::Tokens;
use crate::fixture::USER_ID;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::connected;
use crate::fixture::credential;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::well;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;

#[tokio::test]
async fn connect_sends_two_concurrent_requests_and_actions_use_one_connection() {
    // Neither gets a response before both have arrived: sequential requests would never end.
    let both = Arc::new(Barrier::new(2));
    let server = Server::start(move |seen| match well(seen) {
        Some(mut script) => {
            script.insert(0, Step::Meet(both.clone()));
            script
        }
        None => json("200 OK", r#"{"value":[]}"#),
    })
    .await;
    let network = Network::new(options(short()));
    let (tokens, call) = (Tokens::one(), call());
    let connection = connect_to(&network, &server.url(), &tokens, &call).await.expect("it connects");

    let mut lines = server.lines();
    lines.sort();
    assert_eq!(lines, ["GET /fabrikam/_apis/connectionData", "GET /fabrikam/_apis/projects/Fabrikam"]);
    assert_eq!((call.requests(), tokens.resolutions()), (2, 1));
    assert_eq!(connection.project().id, PROJECT_ID);
    assert_eq!(connection.project().name, "Fabrikam");
    assert_eq!(connection.identity().id, USER_ID);
    assert_eq!(connection.identity().name, "Mona Lisa");
    assert_eq!(connection.identity().account.as_deref(), Some("mona@fabrikam.example"));
    assert_eq!(connection.instance_id(), Some("1nst"));

    for _ in 0..5 {
        let request = Request::get(&["git", "repositories"]);
        connection.client(&call, &tokens).send::<IgnoredAny>(request).await.expect("it succeeds");
    }
    let seen = server.seen();
    assert_eq!((seen.len(), server.opened(), call.requests()), (7, 2, 7));
    assert!(seen[2..].iter().all(|later| later.connection == seen[2].connection));
    assert_eq!(seen[2].path(), format!("/fabrikam/{PROJECT_ID}/_apis/git/repositories"));

    // Dropping the last connection closes the idle connections.
    drop(connection);
    server.all_closed().await;
}

#[tokio::test]
async fn two_sessions_of_one_credential_share_connections_until_the_last_is_dropped() {
    let server = server(|_| json("200 OK", "[]")).await;
    let network = Network::new(options(short()));
    let (tokens, call) = (Tokens::one(), call());
    let first = connect_to(&network, &server.url(), &tokens, &call).await.expect("it connects");
    let second = connect_to(&network, &server.url(), &tokens, &call).await.expect("it connects");
    assert_eq!(server.opened(), 2, "the second session uses the connections of the first");
    drop(first);
    second
        .client(&call, &tokens)
        .send::<IgnoredAny>(Request::get(&["x"]))
        .await
        .expect("the other connection stays open");
    assert_eq!(server.opened(), 2);
    drop(second);
    server.all_closed().await;
}

#[tokio::test]
async fn the_same_access_is_organization_project_credential_and_method() {
    let server = server(|_| json("200 OK", "[]")).await;
    let connection = connected(&server, short()).await;
    let other_organization = server.url().replace("/fabrikam", "/contoso");
    let insecure = Credential::Insecure(Secret::new(token().to_owned()));
    let env = |name: &str| Credential::parse(name).expect("a reference");
    let upper = server.url().replace("/fabrikam", "/FABRIKAM");
    let rows = [
        (server.url(), "Fabrikam", credential(), Scheme::Basic, true),
        (upper, "FABRIKAM", credential(), Scheme::Basic, true),
        (server.url(), PROJECT_ID, credential(), Scheme::Basic, true),
        (other_organization, "Fabrikam", credential(), Scheme::Basic, false),
        (server.url(), "Archive", credential(), Scheme::Basic, false),
        (server.url(), "Fabrikam", env("env:OTHER"), Scheme::Basic, false),
        (server.url(), "Fabrikam", insecure, Scheme::Basic, false),
        (server.url(), "Fabrikam", credential(), Scheme::Bearer, false),
    ];
    for (url, name, credential, scheme, same) in rows {
        let (organization, project) = (organization(&url), project(name));
        let wanted = ConnectRequest { organization: &organization, project: &project, credential, scheme };
        assert_eq!(connection.same_access(&wanted), same, "{wanted:?}");
    }
    assert!(!format!("{connection:?}").contains(token()));
}

#[tokio::test]
async fn a_cancelled_call_still_counts_its_requests() {
    let server = server(|_| vec![Step::Silence]).await;
    let connection = connected(&server, short()).await;
    let (tokens, call) = (Tokens::one(), call());
    let request = Request::post(&["x"]);
    let given_up = tokio::time::timeout(
        Duration::from_millis(100),
        connection.client(&call, &tokens).send::<()>(request),
    )
    .await;
    assert!(given_up.is_err());
    assert_eq!((call.requests(), call.unknown_change().as_deref()), (1, Some("POST x")));
}

#[test]
fn work_on_a_connection_may_move_between_threads() {
    fn moves<T: Send>(_: impl FnOnce(&'static Network, &'static Connection, &'static Call) -> T) {}
    fn tokens() -> &'static Tokens {
        unreachable!("only the types are checked")
    }
    moves(|network, _, call| connect_to(network, "", tokens(), call));
    moves(|_, connection, call| connection.client(call, tokens()).send::<IgnoredAny>(Request::get(&[])));
    moves(|_, connection, call| connection.client(call, tokens()).send_list::<IgnoredAny>(Request::get(&[])));
    moves(|_, connection, call| connection.client(call, tokens()).check());
    fn shared<T: Send + Sync>() {}
    shared::<Connection>();
    shared::<Network>();
}
