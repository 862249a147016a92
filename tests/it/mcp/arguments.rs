//! Random arguments: every call has a result or an error, and the process goes on.
//!
//! `AZDO_MCP_CALLS` sets the number of calls and `AZDO_SEED` the seed.

use std::cell::RefCell;

use azdo_bot::package::actions;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::RngAlgorithm;
use proptest::test_runner::TestRng;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use serde_json::json;

use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::connection;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,24}".prop_map(Value::from),
        Just(json!("env:AZDO_PAT")),
        Just(json!("azdo-session:00000000000000000000000000000000")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-zA-Z_]{1,12}", inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Returns a number of the environment: `AZDO_MCP_CALLS`, `AZDO_SEED`
#[expect(clippy::disallowed_methods, reason = "the environment selects other arguments")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_arguments_are_answered_and_end_nothing() {
    let mut client = Client::start(Revision::Stateless, &["--simulate", "--allow-destructive"]);
    let session = client.data("connect", connection())["session"].clone();
    let mut names: Vec<String> = actions().iter().copied().map(azdo_bot::ActionCard::tool_name).collect();
    names.extend(["find_action", "run_action", "read_result", "no_such_tool", ""].map(str::to_owned));
    let names = prop::sample::select(names);
    let fields = prop::sample::select(vec![
        "session",
        "name",
        "repository",
        "id",
        "inputs",
        "action",
        "query",
        "offset",
        "result",
    ]);
    let arguments = prop_oneof![
        4 => prop::collection::vec((fields, any_json()), 0..5)
            .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()),
        1 => any_json(),
    ];
    let client = RefCell::new(client);
    let cases = number("AZDO_MCP_CALLS").and_then(|calls| u32::try_from(calls).ok()).unwrap_or(200);
    let seed = [number("AZDO_SEED").unwrap_or(7).to_le_bytes(); 4].concat();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let ran = runner.run(&(names, arguments, any::<bool>()), |(name, mut arguments, with_session)| {
        if with_session && let Some(members) = arguments.as_object_mut() {
            members.insert("session".to_owned(), session.clone());
        }
        // The wait of an action is not what is tested.
        if let Some(members) = arguments.as_object_mut() {
            members.remove("timeLimit");
        }
        let object = arguments.is_object();
        let mut client = client.borrow_mut();
        let id = client.request("tools/call", json!({ "name": name, "arguments": arguments }));
        // The SDK answers a message that is no request of the protocol without its id.
        let answer =
            client.wait_for(|message| message["id"] == id || (!object && message["error"].is_object()));
        let result = &answer["result"];
        prop_assert!(answer["error"].is_object() || result["content"][0]["text"].is_string(), "{}", answer);
        if result["isError"] == true {
            let error = &result["_meta"]["azdo-bot/error"];
            prop_assert!(error["code"].is_string() && error["code"] != "internal", "{}", answer);
            prop_assert!(error["help"].as_str().is_some_and(|help| !help.is_empty()), "{}", answer);
        }
        Ok(())
    });
    ran.unwrap_or_else(|fault| panic!("{fault}"));
}
