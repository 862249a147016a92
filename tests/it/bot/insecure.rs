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
