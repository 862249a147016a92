//! Connect: two requests in flight together, and the first fault that fits.

use std::sync::Arc;

use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;
use tokio::sync::Barrier;

use crate::fixture::PROJECT_ID;
use crate::fixture::Tokens;
use crate::fixture::USER_ID;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::well;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;

#[tokio::test]
async fn connect_is_two_requests_in_flight_together_and_actions_use_one_connection() {
    // Neither is answered before both are there: one after the other would never end.
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
    assert_eq!((call.requests(), tokens.asked()), (2, 1));
    assert_eq!(connection.project().id, PROJECT_ID);
    assert_eq!(connection.project().name, "Fabrikam");
    assert_eq!(connection.identity().id, USER_ID);
    assert_eq!(connection.identity().name, "Mona Lisa");
    assert_eq!(connection.identity().account.as_deref(), Some("mona@fabrikam.example"));
    assert_eq!(connection.instance_id(), Some("1nst"));

    for _ in 0..5 {
        let request = Request::get(&["git", "repositories"]);
        connection.send::<IgnoredAny>(&call, &tokens, request).await.expect("it is answered");
    }
    let seen = server.seen();
    assert_eq!((seen.len(), server.opened(), call.requests()), (7, 2, 7));
    assert!(seen[2..].iter().all(|seen| seen.connection == seen_on(&seen_connections(&server))));
    assert_eq!(seen[2].path(), format!("/fabrikam/{PROJECT_ID}/_apis/git/repositories"));

    drop(connection);
    server.all_closed().await;
}

fn seen_connections(server: &Server) -> Vec<usize> {
    server.seen()[2..].iter().map(|seen| seen.connection).collect()
}

fn seen_on(connections: &[usize]) -> usize {
    connections[0]
}
