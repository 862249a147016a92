//! Sessions are followed through the tree of bots before anything runs: what can never be open is a fault, what
//! depends on the way the flow takes a warning.

use azdo_bot::contract::Dictionary;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::Warning;
use azdo_bot::hosts::bot::load;
use serde_json::Value as Json;
use serde_json::json;

use crate::documents::Folder;
use crate::documents::action;
use crate::documents::caught;
use crate::documents::computed;
use crate::documents::connect;
use crate::documents::declare;
use crate::documents::named_session;
use crate::documents::node;
use crate::documents::run_task;
use crate::documents::session;
use crate::documents::session_variable;
use crate::documents::text;
use crate::documents::try_catch;
use crate::documents::variable;
use crate::documents::with;

/// What is told of a flow: a fault as `file:line code`, a warning as `file:line may fail` or `is caught`
fn told(folder: &Folder) -> String {
    told_with(folder, Dictionary::new()).join(", ")
}

fn told_with(folder: &Folder, inputs: Dictionary) -> Vec<String> {
    let options = LoadOptions { inputs: Some(inputs), ..LoadOptions::default() };
    let survey = load(&folder.path("root.bot.json"), &options);
    let place = |place: &azdo_bot::hosts::bot::Place| {
        format!("{}:{}", place.file.trim_end_matches(".bot.json"), place.line)
    };
    let faults = survey.faults.iter().map(|fault| format!("{} {}", place(&fault.place), fault.error.code()));
    let how = |warning: &Warning| if warning.may_fail { "may fail" } else { "is caught" };
    let warnings =
        survey.warnings.iter().map(|warning| format!("{} {}", place(&warning.place), how(warning)));
    faults.chain(warnings).collect()
}

/// The root's variables: two sessions, what a catch fills, and what branches and loops turn on
fn variables() -> Json {
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

fn root(nodes: Json) -> Folder {
    Folder::with(nodes, variables())
}

/// What is told of a root alone
fn alone(nodes: Json) -> String {
    told(&root(nodes))
}

fn local(name: &str) -> Json {
    connect(named_session("LOCAL", name))
}

fn global(name: &str) -> Json {
    connect(named_session("GLOBAL", name))
}

fn into(name: &str) -> Json {
    connect(variable(name))
}

fn or(node: Json, if_exists: &str) -> Json {
    let mut node = node;
    let field = json!({ "name": "ifSessionExists", "value": text(if_exists) });
    node["attributes"].as_array_mut().expect("a list").push(field);
    node
}

fn uses(name: &str) -> Json {
    action("getProject", &[("session", session(name))])
}

fn uses_variable(name: &str) -> Json {
    action("getProject", &[("session", session_variable(name))])
}

fn closes(value: Json) -> Json {
    action("disconnect", &[("session", value)])
}

fn branch(nodes: Json, otherwise: Option<Json>) -> Json {
    let condition = json!([{ "name": "condition",
        "value": { "type": "CONDITIONAL", "conditionalName": "booleanVariable", "packageName": "Boolean" },
        "attributes": [ { "name": "variable", "value": variable("flag") }, { "name": "operator", "value": text("EQ") },
                        { "name": "value", "value": { "type": "BOOLEAN", "boolean": true } } ] }]);
    let node = with(with(node("If", "if", &[]), "attributes", condition), "children", nodes);
    let otherwise = otherwise.map(|nodes| with(self::node("If", "else", &[]), "children", nodes));
    with(node, "branches", Json::from(otherwise.into_iter().collect::<Vec<_>>()))
}

/// A loop over a list, or a number of times
fn looping(times: Option<u32>, nodes: Json) -> Json {
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

fn child(name: &str, inputs: Json, outputs: Json) -> Json {
    run_task(&format!("repository:///{name}"), inputs, outputs)
}

fn throw() -> Json {
    node("ErrorHandler", "throw", &[("message", text("no"))])
}

fn stop() -> Json {
    node("TaskBot", "stopTask", &[])
}

#[test]
fn names_in_one_bot() {
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
            "each node is told of",
            json!([uses("A"), uses("A"), uses("B")]),
            "root:1 session.not_found, root:2 session.not_found, root:3 session.not_found",
        ),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(alone(nodes), expected, "{what}");
    }
}

#[test]
fn a_name_that_is_taken() {
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
fn branches_loops_and_errors() {
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
        ("told of once", json!([branch(json!([local("A")]), None), uses("A"), uses("A")]), "root:3 may fail"),
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

fn own_session(name: &str) -> Json {
    declare(name, "SESSION", json!({ "sessionType": "AzureDevOps", "input": true, "output": true }))
}

/// What is told of a root with the child `c`, which has the session variables `in` and `more`
fn family(nodes: Json, of_child: Json) -> String {
    let folder = root(nodes);
    let [message, line] = caught();
    folder.bot(
        "c",
        of_child,
        json!([message, line, own_session("in"), own_session("more"), declare("flag", "BOOLEAN", json!({}))]),
    );
    told(&folder)
}

#[test]
fn parents_and_children() {
    let plain = || child("c", json!({}), json!({}));
    let given = || child("c", json!({ "in": session_variable("s") }), json!({}));
    let rows = [
        ("the parent's local one", json!([local("A"), plain()]), json!([uses("A")]), "c:1 session.not_found"),
        ("the parent's global one", json!([global("A"), plain()]), json!([uses("A")]), ""),
        (
            "the child's local one",
            json!([plain(), uses("A")]),
            json!([local("A")]),
            "root:2 session.not_found",
        ),
        ("the child's global one", json!([plain(), uses("A")]), json!([global("A")]), ""),
        (
            "closed by the child",
            json!([global("A"), plain(), uses("A")]),
            json!([closes(session("A"))]),
            "root:3 session.closed",
        ),
        (
            "the child may open it",
            json!([plain(), uses("A")]),
            json!([branch(json!([global("A")]), None)]),
            "root:2 may fail",
        ),
        (
            "the child ends before it opens it",
            json!([plain(), uses("A")]),
            json!([stop(), global("A")]),
            "root:2 session.not_found",
        ),
        (
            "in a sibling",
            json!([child("c", json!({}), json!({})), plain()]),
            json!([or(global("A"), "REUSE"), uses("A")]),
            "",
        ),
        ("the second time", json!([plain(), plain()]), json!([global("A")]), "c:1 session.name_in_use"),
        (
            "the first time only",
            json!([global("A"), plain(), closes(session("A")), plain()]),
            json!([uses("A")]),
            "c:1 session.closed",
        ),
        (
            "the first time only, in a branch",
            json!([global("A"), plain(), closes(session("A")), plain()]),
            json!([branch(json!([uses("A")]), None)]),
            "c:2 may fail",
        ),
        ("a variable is handed over", json!([into("s"), given()]), json!([uses_variable("in")]), ""),
        (
            "none is handed over",
            json!([into("s"), plain()]),
            json!([uses_variable("in")]),
            "c:1 session.not_found",
        ),
        (
            "an empty one is handed over",
            json!([given()]),
            json!([uses_variable("in")]),
            "c:1 session.not_found",
        ),
        ("the child fills it", json!([given(), uses_variable("s")]), json!([into("in")]), ""),
        (
            "the child closes it",
            json!([into("s"), given(), uses_variable("s")]),
            json!([closes(session_variable("in"))]),
            "root:3 session.closed",
        ),
        (
            "an output",
            json!([child("c", json!({}), json!({ "more": variable("t") })), uses_variable("t")]),
            json!([into("more")]),
            "",
        ),
        (
            "an output that stays empty",
            json!([child("c", json!({}), json!({ "more": variable("t") })), uses_variable("t")]),
            json!([]),
            "root:2 session.not_found",
        ),
        (
            "two variables with one session",
            json!([
                into("s"),
                child("c", json!({ "in": session_variable("s") }), json!({ "in": variable("t") })),
                closes(session_variable("t")),
                uses_variable("s")
            ]),
            json!([]),
            "root:4 may fail",
        ),
        (
            "a name is handed over",
            json!([global("A"), child("c", json!({ "in": text("A") }), json!({}))]),
            json!([uses_variable("in")]),
            "",
        ),
        (
            "a name that is not open",
            json!([child("c", json!({ "in": text("A") }), json!({}))]),
            json!([uses_variable("in")]),
            "c:1 session.not_found",
        ),
        (
            "no name at all",
            json!([child("c", json!({ "in": text("excel-session:1") }), json!({}))]),
            json!([]),
            "root:1 session.wrong_type",
        ),
        (
            "the child throws before",
            json!([try_catch(json!([plain()]), json!([]), json!([])), uses("A")]),
            json!([throw(), global("A")]),
            "root:5 session.not_found",
        ),
    ];
    for (what, nodes, of_child, expected) in rows {
        assert_eq!(family(nodes, of_child), expected, "{what}");
    }
    let mut goes_on = plain();
    let field = json!({ "name": "continueOnError", "value": { "type": "BOOLEAN", "boolean": true } });
    goes_on["attributes"].as_array_mut().expect("a list").push(field);
    assert_eq!(family(json!([goes_on.clone()]), json!([uses("A")])), "c:1 is caught", "the flow goes on");
    assert_eq!(family(json!([goes_on, uses("A")]), json!([global("A")])), "root:2 may fail");
}

#[test]
fn an_input_of_the_root() {
    let folder = Folder::with(json!([uses_variable("in")]), json!([own_session("in")]));
    let given = |name: &str| Dictionary::from_iter([("in".to_owned(), name.into())]);
    assert_eq!(told_with(&folder, Dictionary::new()), ["root:1 session.not_found"]);
    assert_eq!(told_with(&folder, given("Work")), ["root:1 session.not_found"]);
    let survey = folder.check();
    assert!(survey.faults.is_empty() && survey.warnings[0].may_fail, "it is not known yet");
}

#[test]
fn the_words_name_what_is_near_and_what_to_do() {
    let folder = root(json!([
        global("Work"),
        local("Mine"),
        child("c", json!({}), json!({})),
        uses("Wrk"),
        uses("Late"),
        local("Late")
    ]));
    folder.bot("c", json!([uses("Mine")]), json!([]));
    let survey = folder.check();
    let told: Vec<String> =
        survey.faults.iter().map(|fault| format!("{fault}\n{}", fault.error.help_text())).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_follows_a_node_that_could_not_be_read_is_not_guessed() {
    let misspelt = action("conect", &[]);
    assert_eq!(
        alone(json!([uses("A"), misspelt, uses("A")])),
        "root:1 session.not_found, root:2 action.unknown"
    );
    let faulty = action("createRepository", &[("name", text("a/b"))]);
    assert_eq!(alone(json!([faulty])), "root:1 input.invalid, root:1 session.not_found");
}

#[test]
fn a_flow_of_very_many_ways_is_given_up() {
    let nested = |depth: usize| {
        let open = |at: usize| branch(json!([or(global(&format!("N{at}")), "REUSE")]), None);
        (0..depth).fold(uses("A"), |inner, at| looping(None, json!([open(at), inner, uses("A")])))
    };
    assert!(alone(json!([nested(4)])).contains("session.not_found"), "these are followed to the end");
    let survey = root(json!([nested(14)])).check();
    assert!(survey.faults.is_empty(), "nothing is said of what was not followed to its end");
    assert!(survey.warnings.iter().any(|warning| warning.may_fail && warning.text.contains("too many ways")));
}

#[test]
fn children_of_children_are_followed_once_for_each_way_to_begin() {
    let folder = root(json!([child("b0", json!({}), json!({}))]));
    for at in 0..40 {
        let next = || child(&format!("b{}", at + 1), json!({}), json!({}));
        folder.bot(&format!("b{at}"), json!([next(), next()]), variables());
    }
    folder.bot("b40", json!([uses("A")]), variables());
    assert_eq!(told(&folder), "b40:1 session.not_found");
}
