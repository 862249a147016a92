//! Files of a repository: listed, changed in every way in one push, and their commits.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

pub(crate) fn column(outputs: &azdo_bot::contract::Dictionary, list: &str, field: &str) -> Vec<String> {
    let Some(Value::List(items)) = outputs.get(list) else { panic!("a list") };
    items.iter().map(|one| text(one.as_dictionary().expect("an entry"), field).to_owned()).collect()
}

#[tokio::test]
async fn files_are_added_edited_renamed_and_deleted_in_one_push() {
    let house = House::connected().await;
    let commit = |message: &str, changes: serde_json::Value| {
        let mut inputs = json!({ "repository": "site", "branch": "main", "message": message });
        for (name, value) in changes.as_object().expect("changes") {
            inputs[name] = value.clone();
        }
        inputs
    };
    let first = json!({ "files": { "docs/a.md": "a", "docs/b.md": "b", "old.txt": "o" } });
    house.ok("commitFiles", commit("First", first)).await;
    let all = json!({
        "files": { "docs/a.md": "a2", "docs/new.md": "n", "moved/b.md": "b2" },
        "binaryFiles": { "logo.png": "iVBORw0KGgo=" },
        "rename": { "docs/b.md": "moved/b.md" },
        "delete": ["old.txt"],
    });
    house.simulator.clear_journal();
    house.ok("commitFiles", commit("All at once", all)).await;
    let posts = house.requests().iter().filter(|request| request.starts_with("POST")).count();
    assert_eq!(posts, 1, "one push");

    let list = house.ok("listRepositoryFiles", json!({ "repository": "site", "recursive": true })).await;
    let mut paths = column(&list, "files", "path");
    paths.sort();
    let expected = [
        "/README.md",
        "/azure-pipelines.yml",
        "/docs",
        "/docs/a.md",
        "/docs/new.md",
        "/logo.png",
        "/moved",
        "/moved/b.md",
    ];
    assert_eq!(paths, expected);
    let read =
        |path: &str| house.ok("getRepositoryFile", json!({ "repository": "site", "path": path.to_owned() }));
    assert_eq!(text(&read("docs/a.md").await, "content"), "a2");
    assert_eq!(text(&read("moved/b.md").await, "content"), "b2");
    assert_eq!(read("logo.png").await.get("isBinary"), Some(&Value::from(true)));

    let folder = house.ok("listRepositoryFiles", json!({ "repository": "site", "folder": "docs/" })).await;
    assert_eq!(column(&folder, "files", "path"), ["/docs/a.md", "/docs/new.md"]);
    let cut = house.ok("listRepositoryFiles", json!({ "repository": "site", "limit": 1 })).await;
    assert_eq!((column(&cut, "files", "path").len(), cut.get("more")), (1, Some(&Value::from(true))));

    let commits = house.ok("listCommits", json!({ "repository": "site", "path": "docs/b.md" })).await;
    assert_eq!(column(&commits, "commits", "message"), ["All at once", "First"]);
    let latest = house.ok("listCommits", json!({ "repository": "site", "limit": 1, "author": "bot" })).await;
    assert_eq!(column(&latest, "commits", "message"), ["All at once"]);
    assert_eq!(latest.get("more"), Some(&Value::from(true)));
    let later = house.ok("listCommits", json!({ "repository": "site", "from": "2100-01-01" })).await;
    assert_eq!(column(&later, "commits", "message").len(), 0);
}

#[tokio::test]
async fn a_commit_that_fails_changes_nothing() {
    let house = House::connected().await;
    let inputs = |changes: serde_json::Value| {
        let mut inputs = json!({ "repository": "site", "branch": "main", "message": "x" });
        for (name, value) in changes.as_object().expect("changes") {
            inputs[name] = value.clone();
        }
        inputs
    };
    house.simulator.clear_journal();
    for bad in [
        json!({}),
        json!({ "files": { "a": "b" }, "delete": ["/a"] }),
        json!({ "files": { "a": "b" }, "binaryFiles": { "/a": "YQ==" } }),
        json!({ "rename": { "a": "b", "c": "b" } }),
        json!({ "rename": { "a": "a" } }),
        json!({ "rename": { "a": "../b" } }),
        json!({ "delete": ["a", "/a"] }),
        json!({ "delete": [".."] }),
        json!({ "binaryFiles": { "a": "no base64" } }),
    ] {
        let error = house.error("commitFiles", inputs(bad.clone())).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{bad}: {error:?}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    for gone in [json!({ "delete": ["nowhere"] }), json!({ "rename": { "nowhere": "here" } })] {
        let error = house.error("commitFiles", inputs(gone.clone())).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{gone}: {error:?}");
    }
    let error =
        house.error("listRepositoryFiles", json!({ "repository": "site", "folder": "README.md" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    let error = house.error("listRepositoryFiles", json!({ "repository": "sight" })).await;
    assert!(error.help_text().contains("\"site\""), "{}", error.help_text());
    let error = house.error("listCommits", json!({ "repository": "site", "branch": "gone" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert_eq!(
        house.error("listCommits", json!({ "repository": "site", "from": "soon" })).await.code(),
        ErrorCode::InputInvalid
    );
}

#[tokio::test]
async fn a_branch_that_moved_in_the_meantime_is_a_conflict() {
    let house = House::connected().await;
    // The service's error for a ref that points elsewhere.
    let stale = json!({ "$id": "1", "message": "TF401028: The reference 'refs/heads/main' has already been updated.",
        "typeKey": "GitReferenceStaleException", "errorCode": 0, "eventId": 3000 });
    let headers = [("content-type", "application/json")];
    house.simulator.fault(Fault::on("POST */pushes").answer(409, &headers, stale.to_string()));
    let inputs = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "b" } });
    assert_eq!(house.error("commitFiles", inputs).await.code(), ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn a_push_with_a_lost_response_is_found_and_not_sent_again() {
    let house = House::connected().await;
    let inputs = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "b" } });
    house.simulator.fault(Fault::on("POST */pushes").lose_answer());
    let pushed = house.ok("commitFiles", inputs.clone()).await;
    let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
    assert_eq!(column(&commits, "commits", "commitId")[0], text(&pushed, "commitId"));
    assert_eq!(column(&commits, "commits", "message").iter().filter(|message| *message == "x").count(), 1);
    house.simulator.fault(Fault::on("POST */pushes").answer(502, &[], "<html>"));
    let error = house.error("commitFiles", inputs).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    // A response without the commit counts as a lost response.
    house.simulator.fault(Fault::on("POST */pushes").rewrite(|_| br#"{"pushId":9,"commits":null}"#.to_vec()));
    let inputs = json!({ "repository": "site", "branch": "main", "message": "y", "files": { "c": "d" } });
    let pushed = house.ok("commitFiles", inputs).await;
    let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
    assert_eq!(column(&commits, "commits", "commitId")[0], text(&pushed, "commitId"));
}
