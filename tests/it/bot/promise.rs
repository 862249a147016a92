//! The promise of `check`, tested with generated flows: without faults and warnings, no run fails because of a
//! session, and a fault does fail.

use std::cell::Cell;

use azdo_bot::contract::Dictionary;
use azdo_bot::hosts::bot::Analysis;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::load;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::caught;
use crate::bot::documents::computed;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::named_session;
use crate::bot::documents::node;
use crate::bot::documents::run_task;
use crate::bot::documents::session;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::documents::variable;
use crate::bot::documents::vault;
use crate::bot::documents::with;
use crate::bot::support::TestEnvironment;
use crate::bot::support::Watch;

const CASES: u32 = 300;

/// The bots of a flow; each may run the ones after it
const BOTS: usize = 3;

const NAMES: [&str; 2] = ["Default", "Work"];
const VARIABLES: [&str; 2] = ["s", "t"];

#[derive(Debug, Clone)]
enum Piece {
    Connect { to: Session, if_exists: usize, project: usize, credential: usize },
    Use { action: &'static str, session: Session },
    Log { file: usize },
    Create { name: usize },
    If { taken: bool, then: Vec<Piece>, otherwise: Option<Vec<Piece>> },
    Loop { times: u32, body: Vec<Piece> },
    Leave { how: usize },
    Try { body: Vec<Piece>, catch: Vec<Piece>, finally: Vec<Piece> },
    Run { bot: usize, given: Option<usize>, taken: Option<usize>, goes_on: bool },
}

#[derive(Debug, Clone, Copy)]
enum Session {
    Local(usize),
    Global(usize),
    Variable(usize),
}

fn sessions() -> impl Strategy<Value = Session> {
    prop_oneof![
        3 => (0..NAMES.len()).prop_map(Session::Local),
        3 => (0..NAMES.len()).prop_map(Session::Global),
        2 => (0..VARIABLES.len()).prop_map(Session::Variable),
    ]
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let leaf = prop_oneof![
        6 => (sessions(), 0..6_usize, 0..4_usize, 0..12_usize)
            .prop_map(|(to, if_exists, project, credential)| Piece::Connect { to, if_exists, project, credential }),
        6 => (prop_oneof![3 => Just("getProject"), 2 => Just("disconnect"), 1 => Just("checkSession")], sessions())
            .prop_map(|(action, session)| Piece::Use { action, session }),
        1 => (0..8_usize).prop_map(|file| Piece::Log { file }),
        1 => (0..8_usize).prop_map(|name| Piece::Create { name }),
        1 => (0..4_usize).prop_map(|how| Piece::Leave { how }),
        3 => (1..BOTS, proptest::option::of(0..VARIABLES.len()), proptest::option::of(0..VARIABLES.len()), proptest::bool::weighted(0.2))
            .prop_map(|(bot, given, taken, goes_on)| Piece::Run { bot, given, taken, goes_on }),
    ];
    let piece = leaf.prop_recursive(3, 24, 4, |inner| {
        let some = || proptest::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            (any::<bool>(), some(), proptest::option::of(some()))
                .prop_map(|(taken, then, otherwise)| Piece::If { taken, then, otherwise }),
            (0..4_u32, some()).prop_map(|(times, body)| Piece::Loop { times, body }),
            (some(), some(), some()).prop_map(|(body, catch, finally)| Piece::Try { body, catch, finally }),
        ]
    });
    proptest::collection::vec(piece, 0..6)
}

/// The nodes of a bot, in the format of its file
fn nodes(bot: usize, in_loop: bool, pieces: &[Piece]) -> Json {
    pieces.iter().filter_map(|piece| written(bot, in_loop, piece)).collect()
}

fn written(bot: usize, in_loop: bool, piece: &Piece) -> Option<Json> {
    let inside = |pieces: &[Piece]| nodes(bot, in_loop, pieces);
    Some(match piece {
        Piece::Connect { to, if_exists, project, credential } => {
            let to = match to {
                Session::Local(name) => named_session("LOCAL", NAMES[*name]),
                Session::Global(name) => named_session("GLOBAL", NAMES[*name]),
                Session::Variable(name) => variable(VARIABLES[*name]),
            };
            let mut node = connect(to);
            let fields = node["attributes"].as_array_mut().expect("a list");
            for field in fields.iter_mut() {
                if field["name"] == "projectName" && *project == 0 {
                    field["value"] = text("Archive");
                }
                if field["name"] == "personalAccessToken" {
                    field["value"] = match credential {
                        0 => json!({ "type": "CREDENTIAL", "expression": "$full$" }),
                        1 => json!({ "type": "CREDENTIAL", "expression": "$empty$" }),
                        2 => computed("$text$"),
                        _ => vault(),
                    };
                }
            }
            if let Some(choice) = ["ERROR", "REUSE", "REPLACE"].get(*if_exists) {
                fields.push(json!({ "name": "ifSessionExists", "value": text(choice) }));
            }
            node
        }
        Piece::Use { action: name, session: of } => {
            let of = match of {
                Session::Local(name) | Session::Global(name) => session(NAMES[*name]),
                Session::Variable(name) => session_variable(VARIABLES[*name]),
            };
            action(name, &[("session", of)])
        }
        Piece::Log { file } => {
            let file = ["missing/x.log", "/etc/x.log"].get(*file).unwrap_or(&"x.log");
            node(
                "LogToFile",
                "logToFile",
                &[("filePath", json!({ "type": "FILE", "string": file })), ("logContent", text("x"))],
            )
        }
        Piece::Create { name } => {
            let name = match name {
                0 => computed("$nothing$"),
                1 => text("a/b"),
                _ => computed("$full_text$"),
            };
            action("getRepository", &[("repository", name)])
        }
        Piece::If { taken, then, otherwise } => {
            let condition = json!([{ "name": "condition",
                "value": { "type": "CONDITIONAL", "conditionalName": "booleanVariable", "packageName": "Boolean" },
                "attributes": [ { "name": "variable", "value": variable("flag") },
                                { "name": "operator", "value": text("EQ") },
                                { "name": "value", "value": { "type": "BOOLEAN", "boolean": taken } } ] }]);
            let node = with(with(node("If", "if", &[]), "attributes", condition), "children", inside(then));
            let otherwise = otherwise
                .iter()
                .map(|pieces| with(self::node("If", "else", &[]), "children", inside(pieces)));
            with(node, "branches", otherwise.collect())
        }
        Piece::Loop { times, body } => {
            let times = match times {
                3 => computed_number(),
                times => json!({ "type": "NUMBER", "number": times }),
            };
            let attributes = json!([{ "name": "loopType", "value": text("ITERATOR") },
                { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.times" },
                  "attributes": [{ "name": "times", "value": times }] }]);
            with(
                with(node("Loop", "loop.commands.start", &[]), "attributes", attributes),
                "children",
                nodes(bot, true, body),
            )
        }
        Piece::Leave { how: 0 } => node("TaskBot", "stopTask", &[]),
        Piece::Leave { how: 1 } => node("ErrorHandler", "throw", &[("message", text("thrown"))]),
        Piece::Leave { how: 2 } if in_loop => node("Loop", "loop.commands.break", &[]),
        Piece::Leave { .. } if in_loop => node("Loop", "loop.commands.continue", &[]),
        Piece::Leave { .. } => return None,
        Piece::Try { body, catch, finally } => try_catch(inside(body), inside(catch), inside(finally)),
        Piece::Run { bot: other, given, taken, goes_on } => {
            if *other <= bot {
                return None;
            }
            let inputs = given.map_or(json!({}), |name| json!({ "s": session_variable(VARIABLES[name]) }));
            let outputs = taken.map_or(json!({}), |name| json!({ "t": variable(VARIABLES[name]) }));
            let mut node = run_task(&format!("repository:///bot{other}"), inputs, outputs);
            if *goes_on {
                let field =
                    json!({ "name": "continueOnError", "value": { "type": "BOOLEAN", "boolean": true } });
                node["attributes"].as_array_mut().expect("a list").push(field);
            }
            node
        }
    })
}

/// A number of iterations that is known only at run time
fn computed_number() -> Json {
    json!({ "type": "NUMBER", "expression": "$two$ + 0" })
}

fn variables() -> Json {
    let [message, line] = caught();
    let own = json!({ "sessionType": "AzureDevOps", "input": true, "output": true });
    json!([
        message,
        line,
        declare("s", "SESSION", own.clone()),
        declare("t", "SESSION", own),
        declare("flag", "BOOLEAN", json!({})),
        declare("two", "NUMBER", json!({ "defaultValue": { "type": "NUMBER", "number": "2" } })),
        declare("full", "CREDENTIAL", json!({ "defaultValue": vault() })),
        declare("empty", "CREDENTIAL", json!({})),
        declare("text", "STRING", json!({ "defaultValue": text("env:AZDO_PAT") })),
        declare("full_text", "STRING", json!({ "defaultValue": text("site") })),
        declare("nothing", "STRING", json!({})),
    ])
}

/// Writes the flow to its own folder; with `caught`, the nodes of the root are in a try, so that the flow succeeds
/// after any error
fn folder(flow: &[Vec<Piece>], caught: bool) -> Folder {
    let folder = Folder::new();
    for (bot, pieces) in flow.iter().enumerate() {
        let name = if bot == 0 { "root".to_owned() } else { format!("bot{bot}") };
        let own = nodes(bot, false, pieces);
        let all = if caught && bot == 0 { json!([try_catch(own, json!([]), json!([]))]) } else { own };
        folder.bot(&name, all, variables());
    }
    folder
}

fn check(folder: &Folder) -> Analysis {
    let options = LoadOptions { inputs: Some(Dictionary::new()), ..LoadOptions::default() };
    load(&folder.path("root.bot.json"), &options)
}

/// The error codes that the check predicts
fn is_foreseen(line: &str) -> bool {
    let codes = [
        "session.",
        "input.invalid",
        "bot.expression",
        "bot.child",
        "bot.unsupported",
        "credential.",
        "action.unknown",
    ];
    codes.iter().any(|code| line.contains(code))
}

#[test]
fn the_check_predicts_the_sessions_of_generated_flows() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let environment = runtime.block_on(TestEnvironment::new());
    let (clean, faulty) = (Cell::new(0_u32), Cell::new(0_u32));
    let flows = proptest::collection::vec(pieces(), BOTS);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&flows, |flow| {
        let own = folder(&flow, false);
        let analysis = check(&own);
        let faults: Vec<(String, usize)> =
            analysis.faults.iter().map(|fault| (fault.place.file.clone(), fault.place.line)).collect();
        let about_sessions =
            analysis.faults.iter().all(|fault| fault.error.code().as_str().starts_with("session."));
        let is_warned = !analysis.warnings.is_empty();
        let run = |analysis: Analysis| {
            let program = analysis.into_program().expect("it was seen to have no faults");
            let watch = Watch::default();
            let summary = runtime.block_on(environment.run(&program, &[], &watch));
            (summary.result.err().map(|fault| fault.error.to_string()), watch.lines())
        };
        if faults.is_empty() {
            let (error, lines) = run(analysis);
            if !is_warned {
                clean.set(clean.get() + 1);
                prop_assert!(!is_foreseen(&lines), "{lines}");
                prop_assert!(!error.as_deref().is_some_and(is_foreseen), "{error:?}\n{lines}");
            }
        } else if about_sessions {
            // The same flow with a catch runs, and must not do anything that the check reported as impossible.
            faulty.set(faulty.get() + 1);
            let (error, lines) = run(check(&folder(&flow, true)));
            prop_assert_eq!(error, None);
            let failed = lines.contains(" session.") || lines.contains("caught session.");
            for (file, line) in faults {
                let line = if file == "root.bot.json" { line + 1 } else { line };
                let worked = lines
                    .lines()
                    .any(|event| event.starts_with(&format!("{file}:{line} ")) && event.ends_with(" ok"));
                prop_assert!(failed || !worked, "{file}:{line} worked\n{lines}");
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (clean, faulty) = (clean.get(), faulty.get());
    assert!(clean > CASES / 20 && faulty > CASES / 20, "{clean} clean and {faulty} faulty of {CASES}");
}
