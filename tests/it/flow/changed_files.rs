//! The changed files of commits and pull requests, with their differences.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::world;

/// `site` with a branch `topic` that adds a file, and one, `same`, that changes nothing
async fn house(longest_page: usize) -> House {
    let site = Repository::named("site").file("/a.md", "one\ntwo\n").file("/old.md", "old\n");
    let site = site.file_on("topic", "/docs/b.md", "b\n");
    let organization = Organization::named("fabrikam").project(Project::named("Fabrikam").repository(site));
    let world = world().organization(organization);
    let house = House::with(world.switches(|switches| switches.longest_page = longest_page)).await;
    house.connect_root().await;
    let branch = json!({ "repository": "site", "branch": "same", "fromBranch": "main" });
    house.ok("createBranch", branch).await;
    house
}

async fn commit(house: &House, branch: &str, changes: serde_json::Value) {
    let mut inputs = json!({ "repository": "site", "branch": branch, "message": "A change" });
    for (name, value) in changes.as_object().expect("changes are an object") {
        inputs[name] = value.clone();
    }
    house.ok("commitFiles", inputs).await;
}

fn changes(outputs: &Dictionary) -> Vec<&Dictionary> {
    let Some(Value::List(all)) = outputs.get("changes") else { panic!("a list") };
    all.iter().map(|one| one.as_dictionary().expect("an entry")).collect()
}

fn field<'a>(change: &'a Dictionary, name: &str) -> Option<&'a str> {
    change.get(name).and_then(Value::as_text)
}

#[tokio::test]
async fn a_commit_lists_the_files_that_it_changed_with_their_differences() {
    let house = house(1000).await;
    let everything = json!({
        "files": { "/a.md": "one\nthree\n", "/docs/new.md": "new\n" },
        "binaryFiles": { "/logo.png": "iVBORwAAAA==" },
        "delete": ["/old.md"],
    });
    commit(&house, "main", everything).await;
    let plain = house.ok("listCommitChanges", json!({ "repository": "site" })).await;
    assert_eq!(column(&plain, "changes", "path"), ["/a.md", "/docs/new.md", "/logo.png", "/old.md"]);
    assert_eq!(column(&plain, "changes", "changeType"), ["edit", "add", "add", "delete"]);
    assert!(changes(&plain).iter().all(|change| !change.contains_key("diff")), "{plain:?}");
    assert_eq!(plain.get("more"), Some(&Value::from(false)));

    let inputs = json!({ "repository": "site", "branch": "main", "includeDiff": true });
    let all = house.ok("listCommitChanges", inputs).await;
    let all = changes(&all);
    assert_eq!(field(all[0], "diff"), Some("--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"));
    assert_eq!(field(all[1], "diff"), Some("--- /dev/null\n+++ b/docs/new.md\n@@ -0,0 +1 @@\n+new\n"));
    assert_eq!((field(all[2], "diff"), field(all[2], "diffOmitted")), (None, Some("binary")));
    assert_eq!(field(all[3], "diff"), Some("--- a/old.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"));
    assert_eq!((field(all[3], "objectId"), field(all[1], "formerObjectId")), (None, None));

    let commits = house.ok("listCommits", json!({ "repository": "site", "limit": 2 })).await;
    let first = column(&commits, "commits", "commitId").pop().expect("there is one");
    let first = house.ok("listCommitChanges", json!({ "repository": "site", "commit": first })).await;
    assert_eq!(column(&first, "changes", "path"), ["/a.md", "/old.md"]);
}

#[tokio::test]
async fn a_pull_request_lists_the_files_that_it_changes_against_the_commit_where_it_left_its_target() {
    let house = house(1000).await;
    commit(&house, "main", json!({ "files": { "/a.md": "one\n" } })).await;
    let request = |source: &str| json!({ "repository": "site", "sourceBranch": source, "title": "A change" });
    let id = integer(&house.ok("createPullRequest", request("topic")).await, "id");
    let inputs = json!({ "id": id, "includeDiff": true });
    let one = house.ok("listPullRequestChanges", inputs.clone()).await;
    assert_eq!(column(&one, "changes", "path"), ["/docs/b.md"], "not what changed in the target");
    assert_eq!(field(changes(&one)[0], "diff"), Some("--- /dev/null\n+++ b/docs/b.md\n@@ -0,0 +1 @@\n+b\n"));

    commit(&house, "topic", json!({ "files": { "/docs/b.md": "b2\n" }, "delete": ["/old.md"] })).await;
    let two = house.ok("listPullRequestChanges", inputs).await;
    assert_eq!(column(&two, "changes", "path"), ["/docs/b.md", "/old.md"], "the latest push counts");
    assert_eq!(field(changes(&two)[0], "diff"), Some("--- /dev/null\n+++ b/docs/b.md\n@@ -0,0 +1 @@\n+b2\n"));

    let id = integer(&house.ok("createPullRequest", request("same")).await, "id");
    let none = house.ok("listPullRequestChanges", json!({ "id": id })).await;
    assert!(changes(&none).is_empty(), "{none:?}");
}

#[tokio::test]
async fn changed_files_are_complete_across_short_pages_and_stop_at_the_limit() {
    let house = house(2).await;
    let files: serde_json::Map<_, _> = (0..7).map(|file| (format!("/f{file}.md"), json!("x\n"))).collect();
    commit(&house, "topic", json!({ "files": files })).await;
    let request = json!({ "repository": "site", "sourceBranch": "topic", "title": "A change" });
    let id = integer(&house.ok("createPullRequest", request).await, "id");
    let of_commit = json!({ "repository": "site", "branch": "topic" });
    for (action, mut inputs, count) in
        [("listPullRequestChanges", json!({ "id": id }), 8), ("listCommitChanges", of_commit, 7)]
    {
        let all = house.ok(action, inputs.clone()).await;
        assert_eq!((changes(&all).len(), all.get("more")), (count, Some(&Value::from(false))), "{action}");
        inputs["limit"] = json!(3);
        let some = house.ok(action, inputs).await;
        assert_eq!((changes(&some).len(), some.get("more")), (3, Some(&Value::from(true))), "{action}");
    }
}

#[tokio::test]
async fn a_commit_branch_or_pull_request_that_is_not_there_is_named() {
    let house = house(1000).await;
    let unknown = "0123456789".repeat(4);
    for (action, inputs, words) in [
        ("listCommitChanges", json!({ "repository": "site", "commit": unknown }), unknown.as_str()),
        ("listCommitChanges", json!({ "repository": "site", "branch": "topci" }), "topci"),
        ("listCommitChanges", json!({ "repository": "sight" }), "sight"),
        ("listPullRequestChanges", json!({ "id": 77 }), "77"),
    ] {
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
    }
    let near = house.error("listCommitChanges", json!({ "repository": "site", "branch": "topci" })).await;
    assert!(near.help_text().contains("\"topic\""), "{}", near.help_text());
    let both = json!({ "repository": "site", "branch": "main", "commit": unknown });
    assert_eq!(house.error("listCommitChanges", both).await.code(), ErrorCode::InputInvalid);
}
