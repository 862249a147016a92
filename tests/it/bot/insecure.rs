//! An insecure string is reported once for each location, and masked in all later output.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::caught;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::message;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::run_task;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::pieces::looping;
use crate::bot::pieces::set;
use crate::bot::pieces::throw;
use crate::bot::support::TestEnvironment;
use crate::bot::support::Watch;
use crate::bot::support::json as shown;

/// A Connect with the token as an insecure string, and a Disconnect
fn in_and_out(credential: &Json, project: &str) -> [Json; 2] {
    let inputs = [
        ("personalAccessToken", credential.clone()),
        ("organizationUrl", text("https://dev.azure.com/fabrikam")),
        ("projectName", text(project)),
    ];
    [action("connect", &inputs), action("disconnect", &[])]
}

fn times(times: &str, nodes: impl Into<Json>) -> Json {
    looping("loop.iterators.times", ("times", number(times)), "count", nodes.into())
}

#[tokio::test]
async fn it_is_reported_once_for_each_location() {
    let environment = TestEnvironment::new().await;
    let typed = text(&environment.token());
    let [here, out] = in_and_out(&typed, "Fabrikam");
    let [there, _] = in_and_out(&typed, "Fabrikam");
    let folder = Folder::with(
        json!([
            times("3", json!([here, out.clone()])),
            there,
            out,
            times("2", json!([run_task("repository:///child", json!({}), json!({}))])),
        ]),
        json!([declare("count", "NUMBER", json!({}))]),
    );
    folder.bot("child", in_and_out(&typed, "Archive").as_slice().into(), json!([]));
    let watch = Watch::default();
    environment.run(&folder.program(), &[], &watch).await.result.expect("the run succeeds");
    let events = watch.lines();
    assert_eq!(events.matches("connect (local session \"Default\") ok").count(), 6, "{events}");
    let warned: Vec<&str> = events.lines().filter(|line| line.contains("insecure string")).collect();
    let places: Vec<&str> = warned.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(places, ["root.bot.json:2", "root.bot.json:4", "child.bot.json:1"], "{events}");
}

#[tokio::test]
async fn it_is_masked_in_later_messages_errors_logs_and_outputs() {
    let environment = TestEnvironment::new().await;
    let token = environment.token();
    let typed = in_and_out(&text(&token), "Fabrikam");
    let [refused, _] = in_and_out(&text(&token), "Nowhere");
    let log = node(
        "LogToFile",
        "logToFile",
        &[("filePath", json!({ "type": "FILE", "string": "x.log" })), ("logContent", computed("$said$"))],
    );
    let branch = [("repository", text("site")), ("branch", computed("$said$"))];
    let made = set("AzureDevOps", "createBranch", &branch, "made");
    let again = action("createBranch", &branch);
    let [thrown, line] = caught();
    // The same text in another variable is masked as well.
    let say = |node: Json| try_catch(json!([node]), json!([message("caught $message$")]), json!([]));
    let whole = declare("said", "STRING", json!({ "output": true, "defaultValue": text(&token) }));
    let folder = Folder::with(
        json!([
            message("before"),
            typed[0],
            message("<$said$>"),
            log,
            say(throw("thrown $said$")),
            say(refused),
            made,
            say(again),
        ]),
        json!([whole, thrown, line, declare("made", "DICTIONARY", json!({ "output": true }))]),
    );
    let watch = Watch::default();
    let outputs = environment.run(&folder.program(), &[], &watch).await.result.expect("the run succeeds");
    let outputs = shown(&outputs);
    let all = format!("{}\n{outputs}\n{}", watch.lines(), folder.read("x.log"));
    assert!(!all.contains(&token[..16]), "not even the beginning of it: {all}");
    for shown in [
        "message <********>",
        "message caught bot.thrown: thrown ********",
        "message caught session.name_in_use",
        "message caught resource.conflict: Could not create the branch \"********\"",
        r#""name":"********""#,
        r#""said":"********""#,
    ] {
        assert!(all.contains(shown), "{shown}: {all}");
    }
    assert_eq!(folder.read("x.log"), "********\n");
}

#[tokio::test]
async fn it_is_masked_before_a_node_cuts_or_changes_a_text() {
    let environment = TestEnvironment::new().await;
    let token = environment.token();
    let typed = in_and_out(&text(&token), "Fabrikam");
    let source = || ("sourceString", computed("$said$"));
    let middle: String = token.chars().skip(10).take(3).collect();
    let nodes = [
        set(
            "String",
            "subString",
            &[source(), ("startIndex", number("1")), ("subStringLength", number("8"))],
            "a",
        ),
        set("String", "reverse", &[source()], "b"),
        set("String", "replace", &[source(), ("find", text(&middle)), ("replaceWith", text("-"))], "c"),
        set("String", "split", &[source(), ("delimiter", text(&middle))], "list"),
        set("String", "uppercase", &[source()], "d"),
        set(
            "String",
            "assign",
            &[("sourceString", computed("$said.String:lowercase$ $said.String:reverse$"))],
            "e",
        ),
        set(
            "String",
            "beforeAfter",
            &[source(), ("getCharacters", text("BEFORE")), ("beforeString", text(&middle))],
            "f",
        ),
    ];
    let names = ["a", "b", "c", "d", "e", "f"];
    let output = |name: &&str| declare(name, "STRING", json!({ "output": true }));
    let mut variables: Vec<Json> = names.iter().map(output).collect();
    variables.push(declare("list", "LIST", json!({ "output": true })));
    variables.push(declare("said", "STRING", json!({ "defaultValue": text(&token) })));
    let all: Vec<Json> = typed.into_iter().chain(nodes).collect();
    let folder = Folder::with(Json::from(all), Json::from(variables));
    let summary = environment.run(&folder.program(), &[], &Watch::default()).await;
    let outputs = shown(&summary.result.expect("the run succeeds"));
    let reversed: String = token.chars().rev().collect();
    for whole in [token.clone(), reversed, token.to_lowercase(), token.to_uppercase()] {
        for piece in [&whole[..8], &whole[20..28], &whole[whole.len() - 8..]] {
            assert!(!outputs.contains(piece), "{outputs}");
        }
    }
}
