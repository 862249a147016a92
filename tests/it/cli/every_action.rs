//! `call` with every action, as text and as JSON, while every text of the service's responses contains the token.
//!
//! The calls are the examples of the actions, so a new action is tested without a change here. `tests/it/flow/canary.rs`
//! does the same in one process, for smaller and smaller groups of texts.

use std::collections::BTreeSet;
use std::path::Path;

use azdo_bot::actions::Effect;
use azdo_bot::package::ActionCard;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use serde_json::Value;

use crate::cli::spoken::Service;
use crate::cli::support::Folder;
use crate::cli::support::ran;
use crate::common::encodings::assert_hidden;
use crate::common::examples;
use crate::common::leaks::assert_no_run;
use crate::common::leaks::planted;
use crate::common::rewritten::rewrite;
use crate::common::rewritten::texts;

/// An action and its inputs as arguments of `call`
fn arguments(action: &str, inputs: &Value) -> Vec<String> {
    let inputs = inputs.as_object().expect("inputs are an object").iter();
    let own = inputs.filter(|(name, _)| *name != "session").map(|(name, value)| match value {
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    });
    ["call".to_owned(), action.to_owned()].into_iter().chain(own).collect()
}

/// The examples with this effect of the actions that work through a session
fn examples(reading: bool) -> Vec<(&'static ActionCard, Vec<String>)> {
    let through_session = |card: &&ActionCard| card.returns != Returns::Session && card.needs.scope.is_some();
    let mut all = Vec::new();
    for card in actions().iter().copied().filter(through_session) {
        if (card.effect == Effect::Reads) != reading {
            continue;
        }
        for example in card.examples() {
            let mut inputs = example.inputs.clone();
            if card.attribute("raw").is_some() {
                inputs["raw"] = true.into();
            }
            all.push((card, arguments(&card.name, &inputs)));
        }
    }
    all
}

/// Runs one `call` in one form; returns its whole output, whether it succeeded, and its document
fn called(service: &Service, folder: &Path, arguments: &[String], json: bool) -> (String, bool, Value) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = ran(service.command(&arguments, json).current_dir(folder));
    let document = serde_json::from_str(&ran.stdout).unwrap_or_default();
    (ran.stdout + &ran.stderr, ran.code == 0, document)
}

/// Returns a service and a folder with all objects of the examples
fn prepared() -> (Service, Folder) {
    let (service, folder) = (Service::with(examples::world()), Folder::new());
    for (action, inputs) in examples::calls() {
        let (written, worked, _) = called(&service, folder.path(), &arguments(&action, &inputs), false);
        assert!(worked, "{action}: {written}");
    }
    (service, folder)
}

/// Calls every example; returns the number of calls that succeeded and masked something
fn masked_calls(reading: bool) -> usize {
    let (service, folder) = prepared();
    let start = service.background.simulator.snapshot();
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("it is a folder").collect();
    assert_eq!(files.len(), 2, "the file and the folder that the examples send");
    let mut masked = 0;
    for (card, arguments) in examples(reading) {
        service.background.simulator.clear_faults();
        service.background.simulator.restore(&start);
        let (written, worked, document) = called(&service, folder.path(), &arguments, true);
        assert!(worked, "{arguments:?}: {written}");
        let mut found = BTreeSet::new();
        texts(&document, &mut found);
        found.retain(|text| text.chars().any(char::is_alphabetic));
        // A wait may never end when the service returns the token instead of a state.
        let limit = card.attribute("timeLimit").map(|_| "timeLimit=1".to_owned());
        let arguments: Vec<String> =
            arguments.into_iter().filter(|one| !one.starts_with("timeLimit=")).chain(limit.clone()).collect();
        let [once, often] = planted(&service.token);
        for planted in if reading && limit.is_none() { vec![once, often] } else { vec![often] } {
            // An action needs some of its texts, such as an ID: the others are replaced in groups.
            let all: Vec<String> = found.iter().cloned().collect();
            let (mut waiting, smallest) = (vec![all.clone()], all.len().div_ceil(4));
            while let Some(replaced) = waiting.pop() {
                rewrite(&service.background.simulator, &replaced, &planted);
                let mut both_worked = true;
                for json in [false, true] {
                    service.background.simulator.restore(&start);
                    let (written, worked, _) = called(&service, folder.path(), &arguments, json);
                    let place = format!("{} (JSON: {json}) with the token for {replaced:?}", card.name);
                    assert_no_run(&written, &service.token, &place);
                    assert_hidden(&written, &service.token, &place);
                    masked += usize::from(worked && written.contains("********"));
                    both_worked &= worked;
                }
                if !both_worked && replaced.len() > smallest {
                    let half = replaced.len() / 2;
                    waiting.extend([replaced[..half].to_vec(), replaced[half..].to_vec()]);
                }
            }
        }
    }
    masked
}

#[test]
fn actions_that_read_do_not_show_the_token() {
    let masked = masked_calls(true);
    assert!(masked >= 60, "{masked}");
}

#[test]
fn actions_that_change_something_do_not_show_the_token() {
    let masked = masked_calls(false);
    assert!(masked >= 30, "{masked}");
}
