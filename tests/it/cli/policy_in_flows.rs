//! What `check` says about fields of a flow whose value is in a variable, and whose value the policy asks about.
#![cfg(unix)]

use serde_json::Value;
use serde_json::json;

use crate::cli::policy::ORGANIZATION;
use crate::cli::policy::connect;
use crate::cli::support::Folder;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::text;

#[test]
fn an_organization_in_a_variable_is_followed_as_far_as_it_is_known() {
    let policy = "[organizations]\nallow = [\"https://dev.azure.com/contoso\"]";
    let folder = Folder::new();
    let config = folder.file("azdo-bot.toml", policy);
    let from_variable = |name: &str| {
        let mut connect = connect(&[]);
        connect["attributes"][1]["value"] = json!({ "type": "STRING", "expression": format!("${name}$") });
        connect
    };
    let declared = |name: &str, url: &str, input: bool| json!({ "name": name, "type": "STRING", "input": input, "defaultValue": text(url) });
    let check = |nodes: Vec<Value>, variables: Vec<Value>| {
        let file = folder.file("root.bot.json", &bot(nodes, variables));
        ran(azdo_bot().arg("check").arg(&file).arg("--simulate").arg("--config").arg(&config))
    };
    let denied = "the organization https://dev.azure.com/fabrikam is denied by the operator's policy: ";
    for input in [false, true] {
        let known = check(vec![from_variable("url")], vec![declared("url", ORGANIZATION, input)]);
        assert!(known.code == 3 && known.unwrapped().contains(denied), "{}", known.stdout);
        let allowed =
            check(vec![from_variable("url")], vec![declared("url", "https://dev.azure.com/contoso", input)]);
        assert!(
            allowed.code == 0 && !allowed.unwrapped().contains("organizations.allow"),
            "{}",
            allowed.stdout
        );
    }
    let assign = json!({
        "uid": "2", "commandName": "assign", "packageName": "String", "disabled": false,
        "attributes": [{ "name": "sourceString", "value": text(ORGANIZATION) }],
        "returnTo": { "type": "VARIABLE", "variableName": "url" },
    });
    let computed = check(vec![assign, from_variable("url")], vec![declared("url", "", false)]);
    let words = "the organization of \"Connect\" is known only when the bot runs, and the operator's policy allows \
                 only some: organizations.allow (";
    assert!(computed.code == 0 && computed.unwrapped().contains(words), "{}", computed.stdout);
}

#[test]
fn an_option_in_a_variable_that_the_policy_may_deny_is_a_warning() {
    let folder = Folder::new();
    let config = folder.file("azdo-bot.toml", "[actions]\ndeny = [\"createProject\", \"deleteBranch\"]");
    let variable = |kind: &str| json!({ "type": kind, "expression": "$chosen$" });
    let chosen = |kind: &str, value: Value| json!({ "name": "chosen", "type": kind, "input": false, "defaultValue": value });
    let check = |nodes: Vec<Value>, variables: Vec<Value>| {
        let file = folder.file("root.bot.json", &bot(nodes, variables));
        ran(azdo_bot().arg("check").arg(&file).arg("--simulate").arg("--config").arg(&config))
    };
    let creating = || connect(&[("ifProjectMissing", variable("STRING"))]);
    let known = check(vec![creating()], vec![chosen("STRING", text("CREATE"))]);
    assert!(
        known.code == 3 && known.unwrapped().contains("connect with ifProjectMissing = CREATE is denied"),
        "{}",
        known.stdout
    );
    let other = check(vec![creating()], vec![chosen("STRING", text("FAIL"))]);
    assert!(other.code == 0 && !other.unwrapped().contains("is denied"), "{}", other.stdout);
    let complete = node(
        "completePullRequest",
        &[("id", json!({ "type": "NUMBER", "number": "1" })), ("deleteSourceBranch", variable("BOOLEAN"))],
    );
    let unknown = check(
        vec![connect(&[]), complete],
        vec![chosen("BOOLEAN", json!({ "type": "BOOLEAN", "boolean": false }))],
    );
    let words = "warning: root.bot.json line 2 (uid uid-completePullRequest): complete pull request with \
                 deleteSourceBranch = true is denied by the operator's policy, as is delete branch: ";
    assert!(unknown.code == 0 && unknown.unwrapped().contains(words), "{}", unknown.stdout);
    assert!(
        unknown.unwrapped().contains("Whether the flow does this is known only when the bot runs"),
        "{}",
        unknown.stdout
    );
}
