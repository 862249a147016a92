//! Bot files of the package for Automation 360: its name, and fields in a group.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::named_session;
use crate::bot::documents::node;
use crate::bot::documents::run_task;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::documents::with;
use crate::bot::support::run_with_events;

/// A session variable of the package with this name
fn session_of(package: &str) -> Json {
    declare("s", "SESSION", json!({ "sessionType": package, "input": true }))
}

/// A Connect with these attributes besides its own
fn connect_with(more: Vec<Json>) -> Json {
    let mut node = connect(variable("s"));
    node["attributes"].as_array_mut().expect("it has attributes").extend(more);
    node
}

#[tokio::test]
async fn a_session_is_shared_under_both_names_of_the_package() {
    let own_name = |node: Json| with(node, "packageName", json!("AzdoBot"));
    let folder = Folder::with(
        json!([
            own_name(connect(variable("s"))),
            action("getProject", &[("session", session_variable("s"))]),
            run_task("repository:///child", json!({ "s": session_variable("s") }), json!({})),
        ]),
        json!([session_of("AzdoBot")]),
    );
    let get = node("AzdoBot", "getProject", &[("session", session_variable("s"))]);
    folder.bot("child", json!([get]), json!([session_of("AzureDevOps")]));
    let (_, events) = run_with_events(&folder).await;
    assert!(events.contains("root.bot.json:2 getProject (session in a variable) ok"), "{events}");
    assert!(events.contains("child.bot.json:1 getProject (session in a variable) ok"), "{events}");
}

#[test]
fn another_name_is_the_one_of_another_package() {
    let folder = Folder::with(json!([node("Azdobot", "getProject", &[])]), json!([]));
    assert_eq!(
        folder.faults(),
        "root.bot.json:1 bot.unsupported_node: Azdobot.getProject: the package \"Azdobot\" is not supported; did you \
         mean \"AzdoBot\"?"
    );
}

#[test]
fn fields_may_be_in_their_group_or_beside_it() {
    let field = |name: &str, value: Json| json!({ "name": name, "value": value });
    let limit = || field("timeLimit", json!({ "type": "NUMBER", "number": "30" }));
    let group = |fields: Json| json!({ "name": "advanced", "groupAttribute": true, "attributes": fields });
    let faults =
        |more: Vec<Json>| Folder::with(json!([connect_with(more)]), json!([session_of("AzdoBot")])).faults();
    assert_eq!(faults(vec![limit()]), "");
    assert_eq!(faults(vec![group(json!([limit()]))]), "");
    // A designer may write a value for the group itself.
    let open = with(group(json!([limit()])), "value", json!({ "type": "BOOLEAN", "boolean": true }));
    assert_eq!(faults(vec![open.clone()]), "");
    assert_eq!(faults(vec![group(json!([])), limit()]), "");

    let wrong = with(open, "attributes", json!([field("timeLimit", text("soon"))]));
    assert!(faults(vec![wrong]).contains("\"timeLimit\""), "a field in the group is checked");
    let unknown = group(json!([field("timeLimt", json!({ "type": "NUMBER", "number": "30" }))]));
    assert!(
        faults(vec![unknown]).contains("did you mean \"timeLimit\"?"),
        "a field in the group has to exist"
    );
    let folder = Folder::with(json!([action("deleteRepository", &[("advanced", text("x"))])]), json!([]));
    assert!(folder.faults().contains("there is no field \"advanced\""), "{}", folder.faults());
}

#[test]
fn the_name_in_the_run_tree_is_that_of_the_global_session() {
    let faults = |target: Json| {
        let mut node = connect(target);
        let named = json!({ "name": "runTreeName", "value": text("Shared") });
        node["attributes"].as_array_mut().expect("it has attributes").push(named);
        Folder::with(json!([node]), json!([session_of("AzdoBot")])).faults()
    };
    assert_eq!(faults(named_session("GLOBAL", "Shared")), "");
    for other in [named_session("GLOBAL", "Other"), named_session("LOCAL", "Shared"), variable("s")] {
        let faults = faults(other);
        assert!(faults.contains("\"runTreeName\" has to be the name of the global session"), "{faults}");
    }
    let elsewhere = Folder::with(json!([action("getProject", &[("runTreeName", text("x"))])]), json!([]));
    assert!(elsewhere.faults().contains("there is no field \"runTreeName\""), "{}", elsewhere.faults());
}
