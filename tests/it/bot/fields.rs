//! The check of the fields of actions.

use azdo_bot::hosts::bot::Analysis;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::named_session;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::session;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::documents::vault;
use crate::bot::documents::with;

use crate::bot::faults::one;
use crate::bot::faults::variables;

#[test]
fn actions_and_their_attributes() {
    let repository = |value| action("createRepository", &[("name", value)]);
    let rows = [
        (action("getProject", &[]), ""),
        (action("get-project", &[]), ""),
        (action("getProject", &[("session", text("Old style"))]), ""),
        (action("getProject", &[("sessionName", text("Old style"))]), ""),
        (action("getProject", &[("leftover", text(""))]), ""),
        (action("getProject", &[("session", session(""))]), ""),
        (repository(computed("$text$-$count$")), ""),
        (action("getPipelineRun", &[("id", number("$count$ + 1"))]), ""),
        (action("getPipelineRun", &[("id", variable("count"))]), ""),
        (
            action(
                "commitFiles",
                &[
                    ("repository", text("site")),
                    ("branch", text("main")),
                    ("message", text("m")),
                    (
                        "files",
                        json!({"type":"DICTIONARY","dictionary":[{"key":"/a","value":text("1")},{"key":"/a","value":text("2")}]}),
                    ),
                ],
            ),
            "input.invalid: \"files\" has the key \"/a\" twice",
        ),
        (
            action("updateRepository", &[("repository", text("site"))]),
            "input.invalid: update repository: give newName, defaultBranch or isDisabled",
        ),
        (
            action("decidePipelineApproval", &[("decision", text("APPROVE"))]),
            "input.invalid: decide pipeline approval: ",
        ),
        (
            action("updateWorkItem", &[("id", json!({"type":"NUMBER","number":"1"}))]),
            "input.invalid: update work item: ",
        ),
        (
            action(
                "createBranch",
                &[
                    ("repository", text("site")),
                    ("branch", text("a")),
                    ("fromBranch", text("b")),
                    ("fromCommit", text(&"0a".repeat(20))),
                ],
            ),
            "input.invalid: create branch: give fromBranch or fromCommit, not both",
        ),
        (repository(computed("$unset$")), "input.invalid: create repository: \"name\": "),
        (repository(text("")), "input.invalid: \"name\" is missing, and \"Create repository\" requires it"),
        (
            action("getProject", &[("sesion", text("x"))]),
            "input.invalid: get project: there is no field \"sesion\"; did you mean \"session\"?",
        ),
        (
            action("getPipelineRun", &[("id", text("7"))]),
            "input.invalid: \"id\" expected a number, got a text",
        ),
        (
            action("getPipelineRun", &[("id", json!({"type":"NUMBER","number":"seven"}))]),
            "input.invalid: \"id\" is not a number",
        ),
        (
            action("getPipelineRun", &[("id", json!({"type":"NUMBER","number":"0"}))]),
            "input.invalid: get pipeline run: \"id\": expected",
        ),
        (
            action("getPipelineRun", &[("id", variable("text"))]),
            "bot.expression: \"id\": expected a number, but \"text\" is a text variable",
        ),
        (repository(text("a/b")), "input.invalid: create repository: \"name\": "),
        (
            repository(computed("$tex$")),
            "bot.expression: \"name\": there is no variable \"tex\"; did you mean \"text\"?",
        ),
        (
            repository(computed("$list$")),
            "bot.expression: \"name\": expected a text, but \"list\" is a list variable",
        ),
        (
            repository(computed("$pat$")),
            "bot.expression: \"name\": expected a text, but \"pat\" is a credential variable",
        ),
        (
            repository(computed("$session$")),
            "bot.expression: \"name\": expected a text, but \"session\" is a session variable of this package",
        ),
        (
            repository(computed("$table$")),
            "bot.expression: \"name\": expected a text, but \"table\" is a table variable",
        ),
        (
            repository(computed("$window$")),
            "bot.expression: \"name\": expected a text, but \"window\" is a variable of an unsupported type",
        ),
        (
            repository(computed("$text{key}$")),
            "bot.expression: \"name\": \"text\" is a text variable, which has no such part",
        ),
        (repository(computed("5$")), "bot.expression: \"name\": a $ has no matching $"),
        (repository(json!({"type":"TABLE"})), "input.invalid: \"name\" is missing"),
        (
            action("getProject", &[("session", session_variable("excel"))]),
            "session.wrong_type: \"session\": expected an Azure DevOps session, got \"excel\", a session variable of another package",
        ),
        (
            action("getProject", &[("session", session_variable("text"))]),
            "session.wrong_type: \"session\": expected an Azure DevOps session, got \"text\", a text variable",
        ),
        (
            action("getProject", &[("session", session_variable("nosuch"))]),
            "bot.expression: \"session\": there is no variable \"nosuch\"",
        ),
        (
            action("getProject", &[("session", session("a\nb"))]),
            "input.invalid: get project: \"session\": a session name cannot contain control characters",
        ),
    ];
    for (node, expected) in rows {
        let faults = one(node.clone());
        match expected {
            "" => assert_eq!(faults, "", "{node}"),
            expected => {
                assert!(faults.starts_with(&format!("root.bot.json:1 {expected}")), "{node}\n{faults}")
            }
        }
        assert!(!faults.contains('\n'), "one fault is reported once: {faults}");
    }
}

#[test]
fn variables_for_results() {
    let list = |to| with(action("listRepositories", &[]), "returnTo", to);
    let rows = [
        (list(variable("list")), ""),
        (list(json!({"type":"UNDEFINED","variableName":""})), ""),
        (
            list(variable("map")),
            "bot.expression: \"returnTo\": \"map\" is a dictionary variable, which cannot hold the result",
        ),
        (list(variable("nosuch")), "bot.expression: \"returnTo\": there is no variable \"nosuch\""),
        (with(action("getProject", &[]), "returnTo", variable("map")), ""),
        (with(action("getProject", &[]), "returnTo", variable("list")), "bot.expression: "),
        (with(action("getProject", &[]), "returns", json!({"name": variable("text")})), ""),
        (
            with(action("getProject", &[]), "returns", json!({"nme": variable("text")})),
            "input.invalid: \"returnTo\" names no output: there is no \"nme\"; did you mean \"name\"?",
        ),
        (connect(json!(null)), ""),
        (connect(named_session("GLOBAL", "")), ""),
        (connect(named_session("LOCAL", "Work")), ""),
        (connect(variable("session")), ""),
        (connect(variable("excel")), "session.wrong_type: \"returnTo\": "),
        (connect(variable("text")), "session.wrong_type: \"returnTo\": "),
        (
            connect(named_session("LOCAL_OR_GLOBAL", "Work")),
            "input.invalid: \"sessionTarget\" is not one of LOCAL, GLOBAL",
        ),
        (
            connect(named_session("LOCAL", &"x".repeat(129))),
            "input.invalid: \"returnTo\": a session name has at most 128 characters",
        ),
    ];
    for (node, expected) in rows {
        let faults = one(node.clone());
        match expected {
            "" => assert_eq!(faults, "", "{node}"),
            expected => {
                assert!(faults.starts_with(&format!("root.bot.json:1 {expected}")), "{node}\n{faults}")
            }
        }
    }
}

/// Checks a Connect with this token
fn pat(value: Json) -> Analysis {
    let attributes = [
        ("personalAccessToken", value),
        ("organizationUrl", text("https://dev.azure.com/fabrikam")),
        ("projectName", text("Fabrikam")),
    ];
    Folder::with(json!([action("connect", &attributes)]), variables()).check()
}

#[test]
fn credentials_in_every_mode() {
    for value in [
        vault(),
        json!({"type":"CREDENTIAL","expression":"$pat$"}),
        computed("$text$"),
        computed("$map{pat}$"),
    ] {
        let analysis = pat(value);
        assert!(analysis.faults.is_empty() && analysis.warnings.is_empty());
    }
    let typed = "hidden".repeat(8);
    let analysis = pat(text(&typed));
    assert!(analysis.faults.is_empty());
    let warnings: Vec<String> = analysis.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "root.bot.json line 1 (uid AzureDevOps-connect): \"personalAccessToken\" is an insecure string: the token is in the bot file"
        ]
    );
    for value in [
        text("hidden hidden"),
        computed("$list$"),
        computed("token $text$"),
        json!({"type":"NUMBER","number":"1"}),
    ] {
        let analysis = pat(value.clone());
        assert_eq!(analysis.faults.len(), 1, "{value}");
        assert!(!analysis.faults[0].to_string().contains("hidden"), "{}", analysis.faults[0]);
    }
}

#[test]
fn a_reference_typed_as_an_insecure_string_is_a_fault_with_its_remedy() {
    for typed in ["env:AZDO_HIDDEN", "file:/run/secrets/hidden", "vault:hidden#pat", " Env:hidden"] {
        let analysis = pat(text(typed));
        assert_eq!(analysis.faults.len(), 1, "{typed}");
        let fault = analysis.faults[0].to_string();
        let help = analysis.faults[0].error.help_text();
        assert!(fault.contains("a reference to the store"), "{fault}");
        assert!(help.contains("string variable") && help.contains("Variable"), "{help}");
        assert!(!format!("{fault} {help}").to_lowercase().contains("hidden"), "{fault}");
    }
}

#[test]
fn tokens_in_a_bot_file_are_reported_and_never_quoted() {
    let token = "abc2".repeat(13);
    let folder = Folder::with(
        json!([
            assign("$pat2$", "text"),
            node("String", "assign", &[("sourceString", text(&token))]),
            action(
                "connect",
                &[
                    ("personalAccessToken", json!({"type":"CREDENTIAL","expression":"$pat$"})),
                    ("organizationUrl", text("https://dev.azure.com/fabrikam")),
                    ("projectName", text("Fabrikam")),
                ]
            ),
        ]),
        json!([
            declare("text", "STRING", json!({})),
            declare("pat", "CREDENTIAL", json!({"defaultValue": text(&token)})),
            declare("pat2", "STRING", json!({"defaultValue": text(&token)})),
        ]),
    );
    let analysis = folder.check();
    let warnings: Vec<String> =
        analysis.warnings.iter().map(|w| format!("{} {}", w.place.line, w.text)).collect();
    assert_eq!(
        warnings,
        [
            "0 the variable \"pat2\" holds what looks like a token; do not put tokens into a bot file",
            "2 \"sourceString\" holds what looks like a token; do not put tokens into a bot file",
            "3 \"personalAccessToken\": the default of $pat$ is an insecure string in the bot file",
        ]
    );
    assert!(analysis.faults.is_empty());
}
