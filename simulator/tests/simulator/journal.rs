//! What the journal contains, and what it does not.

use azdo_simulator::EXPIRED_TOKEN;
use azdo_simulator::TokenOptions;

use crate::client::Answer;
use crate::client::Bench;

const PROJECTS: &str = "/fabrikam/_apis/projects";

#[tokio::test]
async fn the_journal_has_requests_in_order() {
    let bench = Bench::new().await;
    bench.get(&format!("{PROJECTS}?$top=1")).await;
    bench.get("/fabrikam/_apis/nothing").await;
    let journal = bench.simulator.journal();
    assert_eq!(journal.len(), 2);
    let first = &journal[0];
    assert_eq!(
        (first.method.as_str(), first.path.as_str(), first.query.as_str()),
        ("GET", PROJECTS, "$top=1&api-version=7.1")
    );
    assert_eq!(
        (first.status, first.authorization, first.token.as_deref()),
        (Some(200), true, Some("full-access"))
    );
    assert_eq!(first.header("x-tfs-fedauthredirect"), Some("Suppress"));
    assert_eq!((first.in_flight, first.overlapped), (0, false));
    assert_eq!(
        (journal[1].status, journal[1].connection),
        (Some(404), first.connection),
        "one connection is enough"
    );
    bench.simulator.clear_journal();
    assert!(bench.simulator.journal().is_empty());
    Answer::of(bench.bare("GET", PROJECTS)).await;
    let last = bench.simulator.journal().remove(0);
    assert_eq!((last.status, last.authorization, last.token), (Some(302), false, None));
}

#[tokio::test]
async fn each_connection_has_its_number() {
    let bench = Bench::new().await;
    bench.get(PROJECTS).await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let other = crate::client::client().get(format!("http://{}{PROJECTS}", bench.simulator.address()));
    Answer::of(other.basic_auth("", Some(token))).await;
    let numbers: Vec<u64> = bench.simulator.journal().iter().map(|entry| entry.connection).collect();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test]
async fn the_journal_has_the_name_of_a_token_and_never_its_text() {
    let bench = Bench::new().await;
    let token = bench.simulator.mint_token("fabrikam", TokenOptions::full().named("mine")).unwrap();
    for secret in [token.as_str(), "unknown-secret", EXPIRED_TOKEN] {
        Answer::of(bench.request_as(secret, "GET", PROJECTS)).await;
    }
    let journal = bench.simulator.journal();
    let names: Vec<_> = journal.iter().map(|entry| entry.token.as_deref()).collect();
    assert_eq!(names, [Some("mine"), None, Some(EXPIRED_TOKEN)]);
    let shown = format!("{journal:?}");
    assert!(!shown.contains(&token) && !shown.contains("unknown-secret"));
}
