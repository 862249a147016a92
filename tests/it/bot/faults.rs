//! The faults of a flow, all at once and each with its location.

use azdo_bot::contract::ErrorCode;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::caught;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::lines;
use crate::bot::documents::message;
use crate::bot::documents::named_session;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::run_task;
use crate::bot::documents::session;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::documents::variable;
use crate::bot::documents::vault;
use crate::bot::documents::with;

/// The variables for the nodes of the table
pub(crate) fn variables() -> serde_json::Value {
    let [message, line] = caught();
    json!([
        message,
        line,
        declare("text", "STRING", json!({ "defaultValue": text("env:AZDO_PAT") })),
        declare("unset", "STRING", json!({})),
        declare("count", "NUMBER", json!({})),
        declare("flag", "BOOLEAN", json!({})),
        declare("list", "LIST", json!({})),
        declare("map", "DICTIONARY", json!({})),
        declare("pat", "CREDENTIAL", json!({ "defaultValue": vault() })),
        declare("session", "SESSION", json!({ "sessionType": "AzureDevOps" })),
        declare("excel", "SESSION", json!({ "sessionType": "Excel_MS" })),
        declare("window", "WINDOW", json!({})),
        declare("table", "TABLE", json!({})),
    ])
}

/// Returns the faults of one node, without those of its session
pub(crate) fn one(node: serde_json::Value) -> String {
    let analysis = Folder::with(json!([node]), variables()).check();
    let faults = analysis.faults.into_iter().filter(|fault| fault.error.code() != ErrorCode::SessionNotFound);
    lines(&faults.collect::<Vec<_>>())
}

#[test]
fn a_wrong_field_an_unknown_action_and_an_unsupported_node_are_three_faults() {
    let folder = Folder::with(
        json!([
            connect(named_session("LOCAL", "Default")),
            action("createRepository", &[("session", session("Default")), ("nam", text("site"))]),
            with(
                node("Step", "step", &[]),
                "children",
                json!([action("creatRepository", &[("name", text("x"))])])
            ),
            node("Excel_MS", "OpenSpreadsheet", &[("session", text("Default"))]),
        ]),
        json!([]),
    );
    insta::assert_snapshot!(folder.faults());
    let place = folder.check().faults.remove(1).place;
    assert_eq!((place.line, place.uid.as_str()), (4, "AzureDevOps-creatRepository"));
    assert_eq!(place.to_string(), "root.bot.json line 4 (uid AzureDevOps-creatRepository)");
}

#[test]
fn nodes_that_this_host_does_not_support() {
    let condition = |value| {
        with(
            node("If", "if", &[]),
            "attributes",
            json!([{ "name": "condition", "value": value, "attributes": [] }]),
        )
    };
    let rows = [
        (
            node("Excel_MS", "x", &[]),
            "bot.unsupported_node: Excel_MS.x: the package \"Excel_MS\" works with an Office program, which this host does not",
        ),
        (
            node("AzureDevops", "connect", &[]),
            "bot.unsupported_node: AzureDevops.connect: the package \"AzureDevops\" is not supported; did you mean \"AzureDevOps\"?",
        ),
        (
            node("String", "shout", &[]),
            "bot.unsupported_node: String.shout: this host does not support this node here",
        ),
        (
            node("MesageBox", "messageBox", &[]),
            "bot.unsupported_node: MesageBox.messageBox: the package \"MesageBox\" is not supported; did you mean \"MessageBox\"?",
        ),
        (
            node("MessageBox", "mesageBox", &[]),
            "bot.unsupported_node: MessageBox.mesageBox: this host does not support this node here; did you mean \"messageBox\"?",
        ),
        (
            node("Loop", "loop.commands.start", &[("loopType", text("ITERATR"))]),
            "bot.unsupported_node: Loop.loop.commands.start: this host supports only the loop types ITERATOR and WHILE; did you mean \"ITERATOR\"?",
        ),
        (
            node("TaskBot", "runTask", &[("taskbt", text("x"))]),
            "input.invalid: \"taskbot\" is missing, and the node has an attribute \"taskbt\"",
        ),
        (
            node(
                "LogToFile",
                "logToFile",
                &[
                    ("filePath", json!({"type":"FILE","string":"x.log"})),
                    ("logContent", text("x")),
                    ("logOption", text("OVERWRITE_FIL")),
                ],
            ),
            "input.invalid: \"logOption\" is not one of APPEND_FILE, OVERWRITE_FILE; did you mean \"OVERWRITE_FILE\"?",
        ),
        (node("If", "else", &[]), "bot.unsupported_node: "),
        (node("ErrorHandler", "catch", &[]), "bot.unsupported_node: "),
        (
            node("Loop", "loop.commands.break", &[]),
            "bot.unsupported_node: Loop.loop.commands.break: this node is not inside a loop",
        ),
        (node("TaskBot", "pauseTask", &[]), "bot.unsupported_node: "),
        (
            node("Delay", "delay", &[("delayType", text("LATER")), ("delayTime", number("1"))]),
            "bot.unsupported_node: ",
        ),
        (
            node(
                "Loop",
                "loop.commands.start",
                &[(
                    "iterator",
                    json!({"type":"ITERATOR","iteratorName":"loop.iterators.excel","packageName":"Excel_MS"}),
                )],
            ),
            "bot.unsupported_node: ",
        ),
        (
            condition(json!({"type":"CONDITIONAL","conditionalName":"windowExists","packageName":"Window"})),
            "bot.unsupported_node: If.if: this host supports only conditions on texts, numbers, booleans and dates",
        ),
    ];
    for (node, expected) in rows {
        let faults = one(node.clone());
        assert!(faults.starts_with(&format!("root.bot.json:1 {expected}")), "{node}\n{faults}");
    }
    let outside = node(
        "LogToFile",
        "logToFile",
        &[("filePath", json!({"type":"FILE","string":"file:///etc/x.log"})), ("logContent", text("x"))],
    );
    assert!(one(outside).contains("input.invalid: \"filePath\": the file \"file:///etc/x.log\" is outside"));
}

#[test]
fn disabled_nodes_are_skipped_and_counted() {
    let wrong = || message("$nosuch$");
    let block = with(
        node("Step", "step", &[]),
        "children",
        json!([wrong(), try_catch(json!([wrong()]), json!([]), json!([]))]),
    );
    let folder = Folder::with(json!([with(block, "disabled", json!("true")), wrong()]), json!([]));
    assert_eq!(
        folder.faults(),
        "root.bot.json:7 bot.expression: \"content\": there is no variable \"nosuch\""
    );
}

#[test]
fn faults_inside_every_kind_of_block_are_found_in_reading_order() {
    let wrong = || message("$nosuch$");
    let branch = |command: &str| with(node("If", command, &[]), "children", json!([wrong()]));
    let condition =
        with(with(node("If", "if", &[]), "children", json!([wrong()])), "branches", json!([branch("else")]));
    let looping = with(node("Loop", "loop.commands.start", &[]), "children", json!([wrong()]));
    let [message, line] = caught();
    let folder = Folder::with(
        json!([
            condition,
            looping,
            try_catch(json!([wrong()]), json!([wrong()]), json!([wrong()])),
            with(node("TriggerLoop", "x", &[]), "children", json!([wrong()])),
        ]),
        json!([message, line]),
    );
    insta::assert_snapshot!(folder.faults());
}

#[test]
fn inputs_and_outputs_of_child_bots() {
    let folder = Folder::new();
    folder.bot(
        "child",
        json!([]),
        json!([
            declare("name", "STRING", json!({"input": true, "inputRequired": true})),
            declare("azure", "SESSION", json!({"input": true, "sessionType": "AzureDevOps"})),
            declare("sheet", "SESSION", json!({"input": true, "sessionType": "Excel_MS"})),
            declare("rows", "WINDOW", json!({"input": true})),
            declare("result", "DICTIONARY", json!({"output": true})),
            declare("inner", "STRING", json!({})),
        ]),
    );
    let name = || json!({"name": text("x")});
    let more = |input: &str, value| json!({"name": text("x"), input: value});
    let rows = [
        (name(), json!({}), ""),
        (more("azure", session_variable("session")), json!({"result": variable("map")}), ""),
        (json!({}), json!({}), "input.invalid: \"name\" is missing, and the child bot \"child\" requires it"),
        (
            more("nme", text("y")),
            json!({}),
            "input.invalid: the child bot \"child\" has no input \"nme\"; did you mean \"name\"?",
        ),
        (
            more("inner", text("y")),
            json!({}),
            "input.invalid: the child bot \"child\" has no input \"inner\"",
        ),
        (more("azure", session_variable("excel")), json!({}), "session.wrong_type: \"azure\": "),
        (more("azure", text("Default")), json!({}), ""),
        (more("sheet", session_variable("excel")), json!({}), "session.wrong_type: \"sheet\": "),
        (more("rows", variable("list")), json!({}), "input.invalid: \"rows\" has an unsupported type"),
        (
            json!({"name": variable("list")}),
            json!({}),
            "bot.expression: \"name\": expected a text, but \"list\" is a list variable",
        ),
        (
            name(),
            json!({"reslt": variable("map")}),
            "input.invalid: the child bot \"child\" has no output \"reslt\"; did you mean \"result\"?",
        ),
        (
            name(),
            json!({"result": variable("text")}),
            "bot.expression: \"result\": \"text\" is a text variable, which cannot hold the result",
        ),
    ];
    for (inputs, outputs, expected) in rows {
        folder.bot("root", json!([run_task("repository:///child", inputs.clone(), outputs)]), variables());
        let faults = folder.faults();
        match expected {
            "" => assert_eq!(faults, "", "{inputs}"),
            expected => {
                assert!(faults.starts_with(&format!("root.bot.json:1 {expected}")), "{inputs}\n{faults}")
            }
        }
    }
}
