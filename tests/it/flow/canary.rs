//! The service returns a token in every text that an action passes on: no part of the token is shown, wherever texts
//! are cut.
//!
//! The texts are taken from the outputs of the actions' own examples, so a new action is tested without a change here.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;

use azdo_bot::actions::Effect;
use azdo_bot::contract::AuditRecord;
use azdo_bot::contract::AuditSink;
use azdo_bot::contract::SessionTarget;
use azdo_bot::package::ActionCard;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use azdo_simulator::Fault;
use azdo_simulator::Snapshot;
use serde_json::Value;
use serde_json::json;

use crate::common::encodings::assert_hidden;
use crate::common::examples;
use crate::common::leaks::assert_no_run;
use crate::common::leaks::planted;
use crate::common::leaks::secret;
use crate::common::virtual_time::in_virtual_time;
use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::name;

/// Keeps the audit file's records as text
#[derive(Clone, Default)]
struct Audited(Arc<Mutex<String>>);

impl AuditSink for Audited {
    fn write(&self, record: &AuditRecord) -> io::Result<()> {
        *self.0.lock().expect("no test panics here") += &format!("{record:?}\n");
        Ok(())
    }
}

/// Returns a fixture with everything that the examples name, whose run tree knows a secret
struct Place {
    house: House,
    audited: Audited,
    secret: String,
    /// The state of the organization at the start
    start: Snapshot,
}

impl Place {
    async fn new(session: &str) -> Self {
        let (audited, secret) = (Audited::default(), secret());
        let house = House::audited(examples::world(), Box::new(audited.clone())).await;
        // The token is refused, and known from then on.
        let refused = Some(SessionTarget::Local(name("Refused")));
        let inputs = json!({ "personalAccessToken": { "insecure": secret } });
        house
            .connect(&house.root, refused, inputs)
            .await
            .expect_err("the token is not from the organization");
        house
            .connect(&house.root, Some(SessionTarget::Local(name(session))), json!({}))
            .await
            .expect("it connects");
        for (action, mut inputs) in examples::calls() {
            inputs["session"] = session.into();
            house.ok(&action, inputs).await;
        }
        let start = house.simulator.snapshot();
        Place { house, audited, secret, start }
    }

    /// Runs an action and returns everything that it writes, and the outputs if there are any
    async fn run(&self, card: &ActionCard, inputs: &Value) -> (String, Option<Value>) {
        let reports = Reports::default();
        let outcome = self.house.watch(&self.house.root, &card.name, inputs.clone(), &reports).await;
        let mut written = reports.lines().join("\n");
        written += &std::mem::take(&mut *self.audited.0.lock().expect("no test panics here"));
        match outcome {
            Ok(success) => {
                let text = serde_json::to_string(&success).expect("it has a JSON form");
                let outputs = serde_json::to_value(&success.outputs).expect("it has a JSON form");
                (written + &text, Some(outputs))
            }
            Err(failure) => {
                let error = &failure.error;
                written +=
                    &format!("{error:?} {}", serde_json::to_string(&failure).expect("it has a JSON form"));
                (written, None)
            }
        }
    }

    /// Replaces each of the texts in responses by `planted`, as a value and as a member name
    fn plant(&self, texts: &[String], planted: &str) {
        let (texts, planted) = (texts.to_vec(), planted.to_owned());
        self.house.simulator.clear_faults();
        self.house.simulator.fault(Fault::on("*").times(u32::MAX).rewrite(move |body| {
            let Ok(mut body) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
            replace(&mut body, &texts, &planted);
            body.to_string().into_bytes()
        }));
    }
}

fn replace(value: &mut Value, texts: &[String], planted: &str) {
    match value {
        Value::String(own) if texts.contains(own) => planted.clone_into(own),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, texts, planted)),
        Value::Object(members) => {
            members.values_mut().for_each(|item| replace(item, texts, planted));
            for text in texts {
                if let Some(own) = members.get(text).cloned() {
                    members.insert(format!("{planted}{text}"), own);
                }
            }
        }
        _ => {}
    }
}

/// Returns every text in a value, including member names
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.iter().for_each(|(name, item)| {
            found.insert(name.clone());
            texts(item, found);
        }),
        _ => {}
    }
}

/// Returns the examples that send requests through a session, with the name of their session
fn examples() -> Vec<(&'static ActionCard, Value, String)> {
    let mut all = Vec::new();
    let through_session = |card: &&ActionCard| card.returns != Returns::Session && card.needs.scope.is_some();
    for card in actions().iter().copied().filter(through_session) {
        for example in card.examples() {
            let session = example.inputs["session"].as_str().unwrap_or("Default").to_owned();
            let mut inputs = example.inputs.clone();
            if card.attribute("raw").is_some() {
                inputs["raw"] = true.into();
            }
            // A wait may never end when the service returns the secret instead of a state.
            if card.attribute("timeLimit").is_some() {
                inputs["timeLimit"] = 2.into();
            }
            all.push((card, inputs, session));
        }
    }
    all
}

/// Runs an example with the secret for all of the texts, and with fewer of them while the action fails
///
/// An action needs some of the texts, such as an id. Returns the number of texts with which it succeeded.
async fn run_with(
    example: &(&'static ActionCard, Value, String),
    place: &Place,
    planted: &str,
    all: Vec<String>,
) -> usize {
    let (card, inputs, _) = example;
    let (mut waiting, mut worked) = (vec![all], 0);
    while let Some(texts) = waiting.pop() {
        place.house.simulator.restore(&place.start);
        place.plant(&texts, planted);
        let (written, outputs) = place.run(card, inputs).await;
        place.house.simulator.clear_faults();
        let at = format!("{} with the secret for {texts:?}", card.name);
        assert_no_run(&written, &place.secret, &at);
        assert_hidden(&written, &place.secret, &at);
        match outputs {
            Some(_) if written.contains("********") => worked += texts.len(),
            Some(_) => {}
            None if texts.len() > 1 => {
                let half = texts.len() / 2;
                waiting.extend([texts[..half].to_vec(), texts[half..].to_vec()]);
            }
            None => {}
        }
    }
    worked
}

#[tokio::test]
async fn a_token_in_any_output_of_the_service_is_masked() {
    let worked = in_virtual_time(every_output()).await;
    // The masked secret must appear, or its absence would prove nothing.
    assert!(worked > 300, "{worked}");
}

async fn every_output() -> usize {
    let mut worked = 0;
    for example in examples() {
        let (card, inputs, session) = &example;
        let place = Place::new(session).await;
        let (_, outputs) = place.run(card, inputs).await;
        let mut found = BTreeSet::new();
        texts(&outputs.expect("an example works"), &mut found);
        found.remove("");
        let planted = planted(&place.secret);
        // Actions that change something and actions that read have the same shapes of records.
        let kinds = if card.effect == Effect::Reads { 0..2 } else { 1..2 };
        for planted in &planted[kinds] {
            worked += run_with(&example, &place, planted, found.iter().cloned().collect()).await;
        }
    }
    worked
}

#[tokio::test]
async fn a_token_in_a_refusal_of_the_service_is_masked() {
    let place = Place::new("Default").await;
    let mut masked = 0;
    for (card, mut inputs, _) in examples() {
        inputs.as_object_mut().expect("inputs are an object").remove("session");
        for planted in planted(&place.secret) {
            for status in [400, 403, 404, 409] {
                let body = json!({ "message": planted, "typeKey": planted }).to_string();
                let headers = [("Content-Type", "application/json"), ("X-RateLimit-Resource", &planted)];
                place.house.simulator.clear_faults();
                place.house.simulator.fault(Fault::on("*").times(u32::MAX).answer(status, &headers, body));
                let (written, _) = place.run(card, &inputs).await;
                assert_no_run(&written, &place.secret, &format!("{} and {status}", card.name));
                masked += usize::from(written.contains("********"));
            }
        }
    }
    assert!(masked > 200, "{masked}");
}

#[tokio::test]
async fn a_token_in_a_not_found_error_is_masked() {
    let place = Place::new("Default").await;
    for (card, mut inputs, _) in examples().into_iter().filter(|(card, ..)| card.effect == Effect::Reads) {
        inputs.as_object_mut().expect("inputs are an object").remove("session");
        let given: Vec<(String, String)> = inputs
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        for (field, text) in given {
            let mut inputs = inputs.clone();
            inputs[&field] = format!("{text}x").into();
            for planted in planted(&place.secret) {
                place.plant(std::slice::from_ref(&text), &planted);
                let (written, _) = place.run(card, &inputs).await;
                assert_no_run(&written, &place.secret, &format!("{} without its {field}", card.name));
            }
        }
    }
}

#[tokio::test]
async fn a_token_in_progress_and_warnings_is_masked() {
    let place = Place::new("Default").await;
    let updated = |text: &str| json!({ "value": [{ "success": false, "updateStatus": "rejectedByPlugin", "customMessage": text }] });
    let unmerged = |text: &str| {
        json!({ "pullRequestId": 1, "status": "active", "mergeStatus": "failure",
        "mergeFailureMessage": text, "repository": { "id": "x", "name": "site" },
        "lastMergeSourceCommit": { "commitId": "0".repeat(40) } })
    };
    for planted in planted(&place.secret) {
        for (action, inputs, request, body) in [
            (
                "createBranch",
                json!({ "repository": "site", "branch": "new" }),
                "POST */refs",
                updated(&planted),
            ),
            ("completePullRequest", json!({ "id": 1 }), "*/pullrequests/1", unmerged(&planted)),
        ] {
            place.house.simulator.clear_faults();
            let headers = [("Content-Type", "application/json")];
            place.house.simulator.fault(Fault::on(request).times(u32::MAX).answer(
                200,
                &headers,
                body.to_string(),
            ));
            let card = azdo_bot::package::action(action).expect("it is an action");
            let (written, _) = place.run(card, &inputs).await;
            assert!(
                written.contains("service.rejected") && written.contains("********"),
                "{action}: {written}"
            );
            assert_no_run(&written, &place.secret, action);
        }
    }
}

#[tokio::test]
async fn a_token_as_the_name_of_an_action_or_session_is_masked() {
    let place = Place::new("Default").await;
    let (house, secret) = (&place.house, &place.secret);
    let error = house.error(secret, json!({})).await;
    assert!(error.message().contains("********"), "{error}");
    let target = Some(SessionTarget::Global(name(secret)));
    house.connect(&house.root, target, json!({})).await.expect("it connects");
    let closed = house.dispatcher.end(&house.root).expect("it ends");
    assert!(closed.iter().any(|session| session == "global session \"********\""), "{closed:?}");
    let audited = place.audited.0.lock().expect("no test panics here").clone();
    assert_no_run(&format!("{error:?} {closed:?} {audited}"), secret, "a name");
}
