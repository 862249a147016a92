//! The check of sessions between parents and children, and its limits.

use azdo_bot::contract::Dictionary;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::caught;
use crate::bot::documents::declare;
use crate::bot::documents::session;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::documents::variable;
use crate::bot::session_flow::alone;
use crate::bot::session_flow::branch;
use crate::bot::session_flow::child;
use crate::bot::session_flow::closes;
use crate::bot::session_flow::findings;
use crate::bot::session_flow::global;
use crate::bot::session_flow::into;
use crate::bot::session_flow::local;
use crate::bot::session_flow::looping;
use crate::bot::session_flow::or;
use crate::bot::session_flow::root;
use crate::bot::session_flow::stop;
use crate::bot::session_flow::throw;
use crate::bot::session_flow::told_with;
use crate::bot::session_flow::uses;
use crate::bot::session_flow::uses_variable;
use crate::bot::session_flow::variables;

fn own_session(name: &str) -> Json {
    declare(name, "SESSION", json!({ "sessionType": "AzureDevOps", "input": true, "output": true }))
}

/// Returns the findings of a root with the child `c`, which has the session variables `in` and `more`
fn family(nodes: Json, of_child: Json) -> String {
    let folder = root(nodes);
    let [message, line] = caught();
    folder.bot(
        "c",
        of_child,
        json!([message, line, own_session("in"), own_session("more"), declare("flag", "BOOLEAN", json!({}))]),
    );
    findings(&folder)
}

#[test]
fn sessions_between_parents_and_children() {
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
        ("a variable is passed", json!([into("s"), given()]), json!([uses_variable("in")]), ""),
        (
            "no session is passed",
            json!([into("s"), plain()]),
            json!([uses_variable("in")]),
            "c:1 session.not_found",
        ),
        ("an empty one is passed", json!([given()]), json!([uses_variable("in")]), "c:1 session.not_found"),
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
            "a name is passed",
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
fn a_session_as_an_input_of_the_root() {
    let folder = Folder::with(json!([uses_variable("in")]), json!([own_session("in")]));
    let given = |name: &str| Dictionary::from_iter([("in".to_owned(), name.into())]);
    assert_eq!(told_with(&folder, Dictionary::new()), ["root:1 session.not_found"]);
    assert_eq!(told_with(&folder, given("Work")), ["root:1 session.not_found"]);
    let analysis = folder.check();
    assert!(analysis.faults.is_empty() && analysis.warnings[0].may_fail, "it is not known yet");
}

#[test]
fn messages_suggest_similar_names_and_a_solution() {
    let folder = root(json!([
        global("Work"),
        local("Mine"),
        child("c", json!({}), json!({})),
        uses("Wrk"),
        uses("Late"),
        local("Late")
    ]));
    folder.bot("c", json!([uses("Mine")]), json!([]));
    let analysis = folder.check();
    let findings: Vec<String> =
        analysis.faults.iter().map(|fault| format!("{fault}\n{}", fault.error.help_text())).collect();
    insta::assert_snapshot!(findings.join("\n"));
}

#[test]
fn sessions_are_not_checked_after_an_unreadable_node() {
    let misspelt = action("conect", &[]);
    assert_eq!(
        alone(json!([uses("A"), misspelt, uses("A")])),
        "root:1 session.not_found, root:2 action.unknown"
    );
    let faulty = action("createRepository", &[("name", text("a/b"))]);
    assert_eq!(alone(json!([faulty])), "root:1 input.invalid, root:1 session.not_found");
}

#[test]
fn a_flow_with_too_many_paths_is_not_followed() {
    let nested = |depth: usize| {
        let open = |at: usize| branch(json!([or(global(&format!("N{at}")), "REUSE")]), None);
        (0..depth).fold(uses("A"), |inner, at| looping(None, json!([open(at), inner, uses("A")])))
    };
    assert!(alone(json!([nested(4)])).contains("session.not_found"), "these are followed to the end");
    let analysis = root(json!([nested(14)])).check();
    assert!(analysis.faults.is_empty(), "nothing is said of what was not followed to its end");
    assert!(
        analysis.warnings.iter().any(|warning| warning.may_fail && warning.text.contains("too many paths"))
    );
}

#[test]
fn children_of_children_are_followed_once_for_each_initial_state() {
    let folder = root(json!([child("b0", json!({}), json!({}))]));
    for at in 0..40 {
        let next = || child(&format!("b{}", at + 1), json!({}), json!({}));
        folder.bot(&format!("b{at}"), json!([next(), next()]), variables());
    }
    folder.bot("b40", json!([uses("A")]), variables());
    assert_eq!(findings(&folder), "b40:1 session.not_found");
}
