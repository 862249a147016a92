//! Faults on demand, and the end of a simulator.

use std::time::Duration;

use azdo_simulator::Fault;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

/// Longer than any test here: a request that waits this long never gets a response.
const LONG: Duration = Duration::from_secs(30);

const PROJECTS: &str = "/fabrikam/_apis/projects";
const REPOSITORIES: &str = "/fabrikam/Fabrikam/_apis/git/repositories";

#[tokio::test]
async fn a_fault_replaces_the_next_responses() {
    let bench = Bench::new().await;
    let headers = [("Retry-After", "7"), ("Content-Type", "text/html")];
    bench.simulator.fault(Fault::on("GET /fabrikam/_apis/projects").times(2).answer(429, &headers, "<html>"));
    for _ in 0..2 {
        let answer = bench.get(PROJECTS).await;
        assert_eq!(
            (answer.status, answer.header("retry-after"), answer.text().as_str()),
            (429, Some("7"), "<html>")
        );
    }
    assert_eq!(bench.get(PROJECTS).await.status, 200);
    bench.simulator.fault(Fault::on("*").answer(503, &[], ""));
    bench.simulator.clear_faults();
    assert_eq!(bench.get(PROJECTS).await.status, 200);
    bench.simulator.fault(Fault::on("*").add_headers(&[("X-RateLimit-Remaining", "0")]));
    let slowed = bench.get(PROJECTS).await;
    assert_eq!((slowed.status, slowed.header("x-ratelimit-remaining")), (200, Some("0")));
}

#[tokio::test]
async fn a_response_is_lost_after_the_effect() {
    let bench = Bench::new().await;
    bench.simulator.fault(Fault::on("POST */repositories").lose_answer());
    let lost = bench.request("POST", REPOSITORIES).json(&json!({ "name": "new" })).send().await;
    assert!(lost.is_err());
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new")).await.status, 200);
    let journal = bench.simulator.journal();
    assert_eq!((journal[0].status, journal[0].token.as_deref()), (None, Some("full-access")));

    bench.simulator.fault(Fault::on("POST */repositories").refuse());
    let refused = bench.request("POST", REPOSITORIES).json(&json!({ "name": "other" })).send().await;
    assert!(refused.is_err());
    assert_eq!(bench.get(&format!("{REPOSITORIES}/other")).await.status, 404);
}

#[tokio::test]
async fn a_response_never_comes() {
    let bench = Bench::new().await;
    bench.simulator.fault(Fault::on("GET */projects").stall());
    let stalled = tokio::spawn(bench.request("GET", PROJECTS).send());
    let arrived = async {
        while bench.simulator.journal().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, arrived).await.unwrap();
    assert_eq!(bench.get(PROJECTS).await.status, 200);
    assert!(!stalled.is_finished());
    assert_eq!(bench.simulator.journal()[0].status, None);
    drop(bench);
    let ended =
        tokio::time::timeout(LONG, stalled).await.expect("a stopped simulator closes its connections");
    assert!(ended.unwrap().is_err());
}

#[tokio::test]
async fn requests_wait_until_they_are_in_flight_together() {
    let bench = Bench::new().await;
    bench.simulator.fault(Fault::on("*").together(2));
    let both = async { tokio::join!(bench.get(PROJECTS), bench.get(REPOSITORIES)) };
    let (one, other) = tokio::time::timeout(LONG, both).await.unwrap();
    assert_eq!((one.status, other.status), (200, 200));
    let journal = bench.simulator.journal();
    assert!(journal.iter().all(|entry| entry.overlapped));
    assert_eq!(journal.iter().map(|entry| entry.in_flight).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_port_is_free_after_the_simulator_stops() {
    let simulator = Simulator::start(World::hard(), 0).await.unwrap();
    let port = simulator.address().port();
    assert!(Simulator::start(World::hard(), port).await.is_err());
    let http = crate::client::client();
    let url = format!("{}/_apis/projects", simulator.organization_url("fabrikam"));
    let token = simulator.token("fabrikam").unwrap();
    assert_eq!(Answer::of(http.get(&url).basic_auth("", Some(&token))).await.status, 200);
    drop(simulator);
    // The listening task ends when the runtime polls it.
    let closed = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, closed).await.unwrap();
    assert!(http.get(&url).basic_auth("", Some(&token)).send().await.is_err());
}
