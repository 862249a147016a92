//! The members of responses, compared with a table of the members that the service publishes, in both directions.
//!
//! `published.json` has a response for each route whose records are not recorded: the status and the members that its sample
//! request gets. The names are those of the service's published description and its examples; `members.rs` says how they are
//! written.

use std::collections::BTreeMap;

use azdo_simulator::KnownFrom;
use azdo_simulator::imitated_requests;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Answer;
use crate::members::compare;
use crate::sample_requests::SAMPLE_REQUESTS;
use crate::walk_world::Things;

/// A response of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    status: u16,
    /// `null` for a response without JSON.
    answers: Value,
}

#[tokio::test]
async fn responses_have_the_published_members_and_no_others() {
    let table: BTreeMap<String, Published> =
        serde_json::from_str(include_str!("published.json")).expect("the table is JSON");
    let (bench, things, exact) = Things::for_another_user().await;
    let before = bench.simulator.snapshot();
    let mut faults = Vec::new();
    let known: Vec<String> = imitated_requests().into_iter().map(|one| one.request).collect();
    faults.extend(
        table.keys().filter(|route| !known.contains(route)).map(|route| format!("{route} is not a route")),
    );
    let published = imitated_requests().into_iter().filter(|one| one.known_from == KnownFrom::Published);
    for route in published.map(|one| one.request) {
        let &(_, more, body, _) = SAMPLE_REQUESTS.iter().find(|sample| sample.0 == route).unwrap();
        bench.simulator.restore(&before);
        let (method, path) = things.target(&route, more);
        let kind = match route.rsplit('/').next().unwrap() {
            "attachments" => "application/octet-stream",
            _ if route.contains("/wit/workitems/") => "application/json-patch+json",
            _ => "application/json",
        };
        let sent = bench.request_as(&exact, &method, &path).header("Content-Type", kind);
        let answer = Answer::of(sent.body(things.filled(body))).await;
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match table.get(&route) {
            None => faults.push(format!("{route} is not in the table")),
            Some(expected) if expected.status != answer.status => {
                faults.push(format!("{route}: {} {}", answer.status, answer.text()));
            }
            Some(expected) => compare(&route, &expected.answers, &json, &mut faults),
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
