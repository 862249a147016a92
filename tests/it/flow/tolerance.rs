//! Responses of the service in every possible shape: missing, null or new fields, new enum values, all forms of dates,
//! a byte order mark. No response causes a panic or an unnecessary error.
//!
//! The responses of the simulator are changed, so a new action is tested without a change here.

use azdo_bot::actions::Effect;
use azdo_bot::contract::ErrorCode;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use azdo_simulator::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use serde_json::json;

use crate::common::examples;
use crate::flow::support::House;

/// Required fields: the identifier of a resource, and the requested list
const ESSENTIAL: &[&str] = &[
    "authenticatedUser",
    "commitId",
    // The stage that an action waits for is among these.
    "environments",
    "id",
    "name",
    "objectId",
    "path",
    "pullRequestId",
    // A pull request needs its repository, an artifact its link.
    "repository",
    "signedContent",
    "value",
];

/// Valid and invalid forms of a date
const DATES: &[&str] = &[
    "0001-01-01T00:00:00",
    "2026-11-26T12:00:00",
    "2026-11-26T12:00:00.12Z",
    "2026-11-26T12:00:00.1234567Z",
    "2026-11-26T12:00:00.123+02:00",
    "soon",
];

/// Unknown enum values, and those that two APIs spell differently
const WORDS: &[&str] = &["canceling", "cancelling", "Cancelling", "somethingNew", ""];

/// One change of a response
#[derive(Debug, Clone)]
enum Change {
    Drop,
    Null,
    Add,
    Word(usize),
    Date(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Null),
        Just(Change::Add),
        (0..WORDS.len()).prop_map(Change::Word),
        (0..DATES.len()).prop_map(Change::Date),
    ]
}

/// Returns the locations of all fields: the pointer to the object, and the field's name
fn fields(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(entries) => {
            for (name, inner) in entries {
                found.push((at.to_owned(), name.clone()));
                fields(inner, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                fields(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Makes one change, and returns whether the action should tolerate it
fn mutate(body: &mut Value, place: usize, change: &Change) -> bool {
    let mut all = Vec::new();
    fields(body, "", &mut all);
    let wanted = |(_, name): &(String, String)| match change {
        Change::Date(_) => name.to_lowercase().ends_with("date") || name.to_lowercase().ends_with("time"),
        Change::Word(_) => {
            ["status", "state", "result", "reason", "type", "mergeStatus", "kind"].contains(&name.as_str())
        }
        _ => true,
    };
    all.retain(wanted);
    let Some((pointer, name)) = all.get(place % all.len().max(1)).cloned() else { return true };
    let Some(Value::Object(entries)) = body.pointer_mut(&pointer) else { panic!("the place was just found") };
    // A text replaces a text, never a number.
    if matches!(change, Change::Word(_)) && !entries.get(&name).is_some_and(Value::is_string) {
        return true;
    }
    // A project in any other state cannot be used.
    let of_project = entries.get(&name) == Some(&json!("wellFormed"));
    match change {
        Change::Drop => drop(entries.remove(&name)),
        Change::Null => drop(entries.insert(name.clone(), Value::Null)),
        Change::Add => drop(entries.insert(format!("{name}New"), json!({ "deep": [null, { "x": 1.5 }] }))),
        Change::Word(word) => drop(entries.insert(name.clone(), json!(WORDS[*word]))),
        Change::Date(date) => drop(entries.insert(name.clone(), json!(DATES[*date]))),
    }
    let gone = matches!(change, Change::Drop | Change::Null);
    let essential = ESSENTIAL.contains(&name.as_str()) || pointer == "/signedContent";
    !(gone && essential || of_project && !matches!(change, Change::Add))
}

/// A request of an action, and its response
struct Seed {
    action: String,
    inputs: Value,
    /// `GET /fabrikam/…`
    request: String,
    body: Value,
}

async fn house() -> House {
    let house = House::with(examples::world()).await;
    house.connect_root().await;
    for (action, inputs) in examples::calls() {
        house.ok(&action, inputs).await;
    }
    house
}

/// Returns every JSON response to a GET in the examples of reading actions
async fn seeds(house: &House) -> Vec<Seed> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client over plain http needs nothing");
    let token = house.simulator.token("fabrikam").expect("fabrikam has a token");
    let authorization = format!("Basic {}", STANDARD.encode(format!(":{token}")));
    let mut seeds = Vec::new();
    for card in actions().iter().filter(|card| card.effect == Effect::Reads && card.needs.scope.is_some()) {
        for mut example in card.examples() {
            house.simulator.clear_journal();
            if card.returns == Returns::Session {
                example.inputs["ifSessionExists"] = "REPLACE".into();
            }
            house.ok(&card.name, example.inputs.clone()).await;
            for entry in house.journal().into_iter().filter(|entry| entry.method == "GET") {
                let url = format!("http://{}{}?{}", house.simulator.address(), entry.path, entry.query);
                let accept = entry.header("accept").unwrap_or_default();
                let request = http.get(url).header("Authorization", &authorization).header("Accept", accept);
                let answer = request.send().await.expect("it answers").bytes().await.expect("it is whole");
                let Ok(body) = serde_json::from_slice(&answer) else { continue };
                let request = format!("GET {}", entry.path);
                seeds.push(Seed { action: card.name.clone(), inputs: example.inputs.clone(), request, body });
            }
        }
    }
    seeds
}

#[test]
fn a_response_of_another_shape_causes_no_panic() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let house = runtime.block_on(house());
    let seeds = runtime.block_on(seeds(&house));
    assert!(seeds.len() > 20, "{} answers are few", seeds.len());
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let mut failures = Vec::new();
    for seed in &seeds {
        let changes = prop::collection::vec((any::<usize>(), change()), 1..4);
        let result = TestRunner::new(config.clone()).run(&(changes, any::<bool>()), |(changes, mark)| {
            let mut body = seed.body.clone();
            let mut bearable = true;
            for (place, change) in &changes {
                bearable &= mutate(&mut body, *place, change);
            }
            let text = format!("{}{body}", if mark { "\u{feff}" } else { "" });
            let json = [("Content-Type", "application/json; charset=utf-8")];
            house.simulator.clear_faults();
            house.simulator.fault(Fault::on(&seed.request).answer(200, &json, text));
            let outcome = runtime.block_on(house.execute(&house.root, &seed.action, seed.inputs.clone()));
            if let Err(failure) = outcome {
                let error = failure.error;
                prop_assert_ne!(error.code(), ErrorCode::Internal, "{}: {:?}\n{}", seed.action, error, body);
                prop_assert!(!bearable, "{}: {:?}\n{}\n{}", seed.action, error, seed.request, body);
            }
            Ok(())
        });
        house.simulator.clear_faults();
        if let Err(failure) = result {
            failures.push(format!("{}: {failure}", seed.action));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Changes a JSON response, or empties it
fn changed(answer: &[u8], changes: Option<&[(usize, Change)]>) -> Vec<u8> {
    let Ok(mut body) = serde_json::from_slice(answer) else { return answer.to_vec() };
    let Some(changes) = changes else { return b"{}".to_vec() };
    for (place, change) in changes {
        mutate(&mut body, *place, change);
    }
    body.to_string().into_bytes()
}

/// The codes that an action may return for an invalid response to a change
const SAID: &[ErrorCode] = &[
    ErrorCode::ServiceBadResponse,
    ErrorCode::ServiceOutcomeUnknown,
    // An unknown status is not a success.
    ErrorCode::ServiceRejected,
];

#[test]
fn a_response_of_another_shape_to_a_change_sends_nothing_twice() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let mut failures = Vec::new();
    for card in actions().iter().filter(|card| card.needs.scope.is_some() && card.returns != Returns::Session)
    {
        // Reading changes nothing, so one fixture serves many cases.
        let (cases, shared) = match card.effect {
            Effect::Reads => (16, Some(runtime.block_on(house()))),
            _ => (1, None),
        };
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        for example in card.examples() {
            let changes = prop::option::of(prop::collection::vec((any::<usize>(), change()), 1..6));
            let result = TestRunner::new(config.clone()).run(&changes, |changes| {
                let own = if shared.is_none() { Some(runtime.block_on(house())) } else { None };
                let house = own.as_ref().or(shared.as_ref()).expect("it is one of them");
                house.simulator.clear_faults();
                house.simulator.clear_journal();
                for method in ["POST", "PUT", "PATCH", "DELETE"] {
                    let changes = changes.clone();
                    let fault = Fault::on(&format!("{method} *")).times(9);
                    house.simulator.fault(fault.rewrite(move |answer| changed(answer, changes.as_deref())));
                }
                let outcome =
                    runtime.block_on(house.execute(&house.root, &card.name, example.inputs.clone()));
                let mut sent = house.requests();
                // A query may be retried.
                let asks = |request: &str| request.starts_with("GET") || request.ends_with("/wit/wiql");
                sent.retain(|request| !asks(request));
                let what = format!("{}: {changes:?}: {sent:?}: {outcome:?}", card.name);
                if let Err(failure) = &outcome {
                    prop_assert!(SAID.contains(&failure.error.code()), "{}", what);
                }
                let all = sent.len();
                sent.sort_unstable();
                sent.dedup();
                prop_assert!(card.effect == Effect::Reads || sent.len() == all, "{}", what);
                Ok(())
            });
            if let Err(failure) = result {
                failures.push(format!("{}: {failure}", card.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
