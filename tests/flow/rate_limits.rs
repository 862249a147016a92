//! Actions of a user whose requests are limited.

use azdo_simulator::RateLimit;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::Heard;
use crate::support::House;
use crate::virtual_time::in_virtual_time;

#[tokio::test]
async fn actions_under_a_rate_limit_all_work_and_say_that_they_wait() {
    in_virtual_time(async {
        let house = House::connected().await;
        house.simulator.clear_journal();
        assert!(house.simulator.set_rate_limit("fabrikam", Some(RateLimit::per_second(5))));
        let heard = Heard::default();
        let calls = (0..30).map(|number| {
            let inputs = json!({ "name": format!("made-{number}") });
            house.watch(&house.root, "createRepository", inputs, &heard)
        });
        for outcome in join_all(calls).await {
            outcome.expect("there is time");
        }
        let journal = house.journal();
        let made = journal.iter().filter(|entry| entry.status == Some(201)).count();
        assert_eq!(made, 30, "each was made once");
        // Most of the first burst is too much; after that little is.
        assert!(journal.len() <= 30 + 25 + 12, "{} requests", journal.len());
        let lines = heard.lines();
        let line = lines.iter().find(|line| line.starts_with("Waiting about ")).expect("it says so");
        assert!(line.contains("Azure DevOps limits the requests of this user"), "{line}");
    })
    .await;
}
