//! Actions of a user under a rate limit.

use azdo_simulator::RateLimit;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::json;

use crate::common::virtual_time::in_virtual_time;
use crate::flow::support::House;
use crate::flow::support::Reports;

#[tokio::test]
async fn actions_under_a_rate_limit_succeed_and_report_their_waits() {
    in_virtual_time(async {
        let house = House::connected().await;
        house.simulator.clear_journal();
        assert!(house.simulator.set_rate_limit("fabrikam", Some(RateLimit::per_second(5))));
        let reports = Reports::default();
        // All run in one task: a plain join would poll each of them whenever one advances.
        let calls: FuturesUnordered<_> = (0..30)
            .map(|number| {
                let inputs = json!({ "name": format!("made-{number}") });
                house.watch(&house.root, "createRepository", inputs, &reports)
            })
            .collect();
        for outcome in calls.collect::<Vec<_>>().await {
            outcome.expect("there is time");
        }
        let journal = house.journal();
        let made = journal.iter().filter(|entry| entry.status == Some(201)).count();
        assert_eq!(made, 30, "each was created once");
        // Most of the first burst exceeds the limit; later requests rarely do.
        assert!(journal.len() <= 30 + 25 + 12, "{} requests", journal.len());
        let lines = reports.lines();
        let line =
            lines.iter().find(|line| line.starts_with("Waiting about ")).expect("the wait is reported");
        assert!(line.contains("Azure DevOps limits the request rate of this user"), "{line}");
    })
    .await;
}
