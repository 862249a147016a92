//! The check of sessions: a session that can never be open is a fault, and a session that is open
//! on some paths only is a warning.

use azdo_bot::contract::Dictionary;
use azdo_bot::hosts::bot::FlowWarning;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::load;
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
use crate::bot::documents::with;

/// Returns the findings of a flow: a fault as `file:line code`, a warning as `file:line may fail` or `is caught`
pub(crate) fn findings(folder: &Folder) -> String {
    told_with(folder, Dictionary::new()).join(", ")
}

pub(crate) fn told_with(folder: &Folder, inputs: Dictionary) -> Vec<String> {
    let options = LoadOptions { inputs: Some(inputs), ..LoadOptions::default() };
    let analysis = load(&folder.path("root.bot.json"), &options);
    let place = |place: &azdo_bot::hosts::bot::Location| {
        format!("{}:{}", place.file.trim_end_matches(".bot.json"), place.line)
    };
    let faults =
        analysis.faults.iter().map(|fault| format!("{} {}", place(&fault.place), fault.error.code()));
    let how = |warning: &FlowWarning| if warning.may_fail { "may fail" } else { "is caught" };
    let warnings =
        analysis.warnings.iter().map(|warning| format!("{} {}", place(&warning.place), how(warning)));
    faults.chain(warnings).collect()
}

/// The variables of the root: two sessions, and those that catches, branches and loops use
pub(crate) fn variables() -> Json {
    let [message, line] = caught();
    json!([
        message,
        line,
        declare("s", "SESSION", json!({ "sessionType": "AzureDevOps" })),
        declare("t", "SESSION", json!({ "sessionType": "AzureDevOps" })),
        declare("name", "STRING", json!({ "defaultValue": text("Work") })),
        declare("flag", "BOOLEAN", json!({})),
        declare("list", "LIST", json!({})),
    ])
}

pub(crate) fn root(nodes: Json) -> Folder {
    Folder::with(nodes, variables())
}

/// Returns the findings of a root without child bots
pub(crate) fn alone(nodes: Json) -> String {
    findings(&root(nodes))
}

pub(crate) fn local(name: &str) -> Json {
    connect(named_session("LOCAL", name))
}

pub(crate) fn global(name: &str) -> Json {
    connect(named_session("GLOBAL", name))
}

pub(crate) fn into(name: &str) -> Json {
    connect(variable(name))
}

pub(crate) fn or(node: Json, if_exists: &str) -> Json {
    let mut node = node;
    let field = json!({ "name": "ifSessionExists", "value": text(if_exists) });
    node["attributes"].as_array_mut().expect("a list").push(field);
    node
}

pub(crate) fn uses(name: &str) -> Json {
    action("getProject", &[("session", session(name))])
}

pub(crate) fn uses_variable(name: &str) -> Json {
    action("getProject", &[("session", session_variable(name))])
}

pub(crate) fn closes(value: Json) -> Json {
    action("disconnect", &[("session", value)])
}

pub(crate) fn branch(nodes: Json, otherwise: Option<Json>) -> Json {
    let condition = json!([{ "name": "condition",
        "value": { "type": "CONDITIONAL", "conditionalName": "booleanVariable", "packageName": "Boolean" },
        "attributes": [ { "name": "variable", "value": variable("flag") }, { "name": "operator", "value": text("EQ") },
                        { "name": "value", "value": { "type": "BOOLEAN", "boolean": true } } ] }]);
    let node = with(with(node("If", "if", &[]), "attributes", condition), "children", nodes);
    let otherwise = otherwise.map(|nodes| with(self::node("If", "else", &[]), "children", nodes));
    with(node, "branches", Json::from(otherwise.into_iter().collect::<Vec<_>>()))
}

/// A loop over a list or a number of times
pub(crate) fn looping(times: Option<u32>, nodes: Json) -> Json {
    let (iterator, part) = match times {
        Some(times) => (
            "loop.iterators.times",
            json!({ "name": "times", "value": { "type": "NUMBER", "number": times } }),
        ),
        None => ("list.iterators.list", json!({ "name": "list", "value": variable("list") })),
    };
    let attributes = json!([{ "name": "loopType", "value": text("ITERATOR") },
        { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": iterator }, "attributes": [part] }]);
    with(with(node("Loop", "loop.commands.start", &[]), "attributes", attributes), "children", nodes)
}

pub(crate) fn child(name: &str, inputs: Json, outputs: Json) -> Json {
    run_task(&format!("repository:///{name}"), inputs, outputs)
}

pub(crate) fn throw() -> Json {
    node("ErrorHandler", "throw", &[("message", text("no"))])
}

pub(crate) fn stop() -> Json {
    node("TaskBot", "stopTask", &[])
}

#[test]
fn session_names_in_one_bot() {
    let rows = [
        ("nothing is open", json!([uses("Default")]), "root:1 session.not_found"),
        ("no name is Default", json!([local("Default"), action("getProject", &[])]), ""),
        ("another name", json!([local("Work"), uses("Wrk")]), "root:2 session.not_found"),
        ("a name in another case", json!([local("Work"), uses("work")]), "root:2 session.not_found"),
        ("a name composed otherwise", json!([local("e\u{301}"), uses("\u{e9}")]), ""),
        ("the Connect comes later", json!([uses("Work"), local("Work")]), "root:1 session.not_found"),
        ("a global one is seen", json!([global("Work"), uses("Work")]), ""),
        ("closed before", json!([local("A"), closes(session("A")), uses("A")]), "root:3 session.closed"),
        (
            "closed twice",
            json!([local("A"), closes(session("A")), closes(session("A"))]),
            "root:3 session.closed",
        ),
        ("opened again", json!([local("A"), closes(session("A")), local("A"), uses("A")]), ""),
        (
            "a closed local one does not hide a global one",
            json!([
                global("A"),
                local("A"),
                closes(session("A")),
                uses("A"),
                closes(session("A")),
                uses("A")
            ]),
            "root:6 session.closed",
        ),
        ("a question is no fault", json!([action("checkSession", &[("session", session("A"))])]), ""),
        (
            "a disabled Connect",
            json!([with(local("A"), "disabled", json!(true)), uses("A")]),
            "root:2 session.not_found",
        ),
        (
            "a literal handle",
            json!([uses("azdo-session:00000000000000000000000000000000")]),
            "root:1 session.not_found",
        ),
        (
            "a computed name",
            json!([local("A"), uses("A"), action("getProject", &[("session", computed("$name$"))])]),
            "root:3 may fail",
        ),
        (
            "an expression without a variable",
            json!([local("A"), action("getProject", &[("session", computed("A"))])]),
            "",
        ),
        (
            "a Connect whose name is computed",
            json!([
                connect(json!({"type":"SESSION","sessionTarget":"LOCAL","sessionName":computed("$name$")})),
                uses("Work")
            ]),
            "root:2 may fail",
        ),
        ("behind the end", json!([stop(), uses("A")]), ""),
        ("behind an error", json!([throw(), uses("A")]), ""),
        (
            "each node is reported",
            json!([uses("A"), uses("A"), uses("B")]),
            "root:1 session.not_found, root:2 session.not_found, root:3 session.not_found",
        ),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(alone(nodes), expected, "{what}");
    }
}

#[test]
fn connecting_under_a_name_in_use() {
    let elsewhere = |node: Json| {
        let mut node = node;
        for field in node["attributes"].as_array_mut().expect("a list") {
            if field["name"] == "projectName" {
                field["value"] = text("Archive");
            }
        }
        node
    };
    let rows = [
        ("twice", json!([local("A"), local("A")]), "root:2 session.name_in_use"),
        ("in two scopes", json!([local("A"), global("A")]), ""),
        ("closed between", json!([local("A"), closes(session("A")), local("A")]), ""),
        ("reused", json!([local("A"), or(local("A"), "REUSE"), uses("A")]), ""),
        (
            "reused elsewhere",
            json!([local("A"), or(elsewhere(local("A")), "REUSE")]),
            "root:2 session.name_in_use",
        ),
        ("replaced", json!([local("A"), or(elsewhere(local("A")), "REPLACE"), uses("A")]), ""),
        ("in one branch", json!([branch(json!([local("A")]), None), local("A")]), "root:3 may fail"),
        ("in every round", json!([looping(None, json!([local("A")]))]), "root:2 may fail"),
        ("in the second round", json!([looping(Some(2), json!([local("A")]))]), "root:2 session.name_in_use"),
        ("in the only round", json!([looping(Some(1), json!([local("A")])), uses("A")]), ""),
        (
            "closed in each round",
            json!([looping(None, json!([local("A"), uses("A"), closes(session("A"))]))]),
            "",
        ),
        ("a variable is never taken", json!([into("s"), into("s"), uses_variable("s")]), ""),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(alone(nodes), expected, "{what}");
    }
}

#[test]
fn sessions_in_branches_loops_and_error_handlers() {
    let rows = [
        (
            "in a branch that may be passed by",
            json!([branch(json!([local("A")]), None), uses("A")]),
            "root:3 may fail",
        ),
        ("in both branches", json!([branch(json!([local("A")]), Some(json!([local("A")]))), uses("A")]), ""),
        (
            "the other branch ends the bot",
            json!([branch(json!([local("A")]), Some(json!([stop()]))), uses("A")]),
            "",
        ),
        (
            "the other branch throws",
            json!([branch(json!([local("A")]), Some(json!([throw()]))), uses("A")]),
            "",
        ),
        ("in no branch", json!([branch(json!([uses("A")]), None)]), "root:2 session.not_found"),
        (
            "reported once",
            json!([branch(json!([local("A")]), None), uses("A"), uses("A")]),
            "root:3 may fail",
        ),
        (
            "in a loop that may not run",
            json!([looping(None, json!([local("A")])), uses("A")]),
            "root:2 may fail, root:3 may fail",
        ),
        ("in a loop that runs", json!([looping(Some(3), json!([or(local("A"), "REUSE")])), uses("A")]), ""),
        (
            "in a loop of no rounds",
            json!([looping(Some(0), json!([local("A")])), uses("A")]),
            "root:3 session.not_found",
        ),
        (
            "closed by the round before",
            json!([local("A"), looping(None, json!([uses("A"), closes(session("A"))]))]),
            "root:3 may fail, root:4 may fail",
        ),
        (
            "left before it is opened",
            json!([
                looping(Some(2), json!([node("Loop", "loop.commands.break", &[]), local("A")])),
                uses("A")
            ]),
            "root:4 session.not_found",
        ),
        (
            "left with the outer loop before it is opened",
            leaving_the_outer_loop("loop.commands.break"),
            "root:5 session.not_found",
        ),
        (
            "the round of the outer loop ends before it is opened",
            leaving_the_outer_loop("loop.commands.continue"),
            "root:5 session.not_found",
        ),
        (
            "opened by the first round for the next",
            json!([looping(None, json!([branch(json!([uses("A")]), None), or(local("A"), "REUSE")]))]),
            "root:3 may fail",
        ),
        (
            "in a try",
            json!([try_catch(json!([local("A")]), json!([]), json!([])), uses("A")]),
            "root:5 may fail",
        ),
        (
            "in a try whose catch throws",
            json!([try_catch(json!([local("A")]), json!([throw()]), json!([])), uses("A")]),
            "",
        ),
        ("caught", json!([try_catch(json!([uses("A")]), json!([]), json!([]))]), "root:2 is caught"),
        ("in the catch", json!([try_catch(json!([]), json!([uses("A")]), json!([]))]), ""),
        (
            "in the catch of something",
            json!([try_catch(json!([throw()]), json!([uses("A")]), json!([]))]),
            "root:4 session.not_found",
        ),
        (
            "in any case",
            json!([try_catch(json!([local("A")]), json!([]), json!([closes(session("A"))]))]),
            "root:5 may fail",
        ),
        (
            "opened in any case",
            json!([try_catch(json!([throw()]), json!([]), json!([local("A")])), uses("A")]),
            "",
        ),
        (
            "opened before, closed in any case",
            json!([
                local("A"),
                try_catch(json!([uses("A")]), json!([]), json!([closes(session("A"))])),
                uses("A")
            ]),
            "root:7 session.closed",
        ),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(alone(nodes), expected, "{what}");
    }
}

#[test]
fn session_variables() {
    let rows = [
        ("never filled", json!([uses_variable("s")]), "root:1 session.not_found"),
        ("filled", json!([into("s"), uses_variable("s")]), ""),
        ("another one", json!([into("s"), uses_variable("t")]), "root:2 session.not_found"),
        (
            "closed",
            json!([into("s"), closes(session_variable("s")), uses_variable("s")]),
            "root:3 session.closed",
        ),
        ("in one branch", json!([branch(json!([into("s")]), None), uses_variable("s")]), "root:3 may fail"),
        (
            "a question about none",
            json!([action("checkSession", &[("session", session_variable("s"))])]),
            "root:1 session.not_found",
        ),
        (
            "a question about a closed one",
            json!([
                into("s"),
                closes(session_variable("s")),
                action("checkSession", &[("session", session_variable("s"))])
            ]),
            "",
        ),
        ("not found by a name", json!([into("s"), uses("s")]), "root:2 session.not_found"),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(alone(nodes), expected, "{what}");
    }
}

/// Opens the session `A` in an outer loop, after an inner loop that leaves both, and uses it after them
fn leaving_the_outer_loop(command: &str) -> Json {
    let anchored = |node: Json| with(node, "anchor", json!("outer"));
    let inner = looping(Some(1), json!([anchored(node("Loop", command, &[]))]));
    json!([anchored(looping(Some(2), json!([inner, local("A")]))), uses("A")])
}
