//! An insecure string is warned about once a place, and masked in all that is told after it was used.

use serde_json::Value as Json;
use serde_json::json;

use crate::documents::Folder;
use crate::documents::action;
use crate::documents::caught;
use crate::documents::computed;
use crate::documents::declare;
use crate::documents::message;
use crate::documents::node;
use crate::documents::number;
use crate::documents::run_task;
use crate::documents::text;
use crate::documents::try_catch;
use crate::house::House;
use crate::house::Watch;
use crate::house::json as shown;
use crate::pieces::looping;
use crate::pieces::set;
use crate::pieces::throw;

/// Connect with the token typed in, and Disconnect
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
async fn it_is_warned_about_once_a_place_however_often_the_flow_comes_by() {
    let house = House::new().await;
    let typed = text(&house.token());
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
    house.run(&folder.program(), &[], &watch).await.result.expect("it goes well");
    let told = watch.lines();
    assert_eq!(told.matches("connect (local session \"Default\") ok").count(), 6, "{told}");
    let warned: Vec<&str> = told.lines().filter(|line| line.contains("insecure string")).collect();
    let places: Vec<&str> = warned.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(places, ["root.bot.json:2", "root.bot.json:4", "child.bot.json:1"], "{told}");
}

#[tokio::test]
async fn it_is_masked_in_a_message_an_error_a_log_and_an_output_that_come_after() {
    let house = House::new().await;
    let token = house.token();
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
    // The same text in another variable: it is masked for what it is, not for where it came from.
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
    let outputs = house.run(&folder.program(), &[], &watch).await.result.expect("it goes well");
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
