//! Repositories and their files.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

#[tokio::test]
async fn a_repository_is_created_filled_and_read_back() {
    let house = House::connected().await;
    let created = house.ok("createRepository", json!({ "name": "release-notes" })).await;
    assert_eq!(text(&created, "name"), "release-notes");
    assert!(created.get("defaultBranch").is_none(), "it is empty");

    let files = json!({ "/a.txt": "one\n", "docs/b.md": "# äöü\n" });
    let commit =
        json!({ "repository": "release-notes", "branch": "main", "message": "First", "files": files });
    let first = house.ok("commitFiles", commit).await;
    let edit = json!({ "repository": "release-notes", "branch": "main", "message": "Second",
                       "files": { "a.txt": "two\n", "c.txt": "new\n" } });
    let second = house.ok("commitFiles", edit).await;
    assert_ne!(text(&first, "commitId"), text(&second, "commitId"));

    let read = |path: &'static str| {
        house
            .ok("getRepositoryFile", json!({ "repository": "release-notes", "path": path, "branch": "main" }))
    };
    assert_eq!(text(&read("/a.txt").await, "content"), "two\n");
    assert_eq!(text(&read("docs/b.md").await, "content"), "# äöü\n");
    let list = house.ok("listRepositories", json!({})).await;
    let Some(Value::List(repositories)) = list.get("repositories") else { panic!("a list") };
    assert!(
        repositories
            .iter()
            .any(|one| text(one.as_dictionary().expect("an entry"), "name") == "release-notes")
    );
}

#[tokio::test]
async fn a_taken_name_is_a_conflict_and_names_the_repository() {
    let house = House::connected().await;
    let error = house.error("createRepository", json!({ "name": "SITE" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceConflict);
    assert!(error.message().contains("SITE"), "{}", error.message());
    assert!(error.context_value("activityId").is_some(), "{error:?}");
}

#[tokio::test]
async fn the_error_for_a_missing_resource_names_it() {
    let house = House::connected().await;
    let read = |inputs| house.error("getRepositoryFile", inputs);
    let error = read(json!({ "repository": "nowhere", "path": "a" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("nowhere"), "{}", error.message());
    let error = read(json!({ "repository": "site", "path": "no/such.yml" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("no/such.yml"), "{}", error.message());
    let error = read(json!({ "repository": "site", "path": "README.md", "branch": "gone" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);

    let commit = json!({ "repository": "site", "branch": "gone", "message": "x", "files": { "a": "b" } });
    let error = house.error("commitFiles", commit).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.help_text().contains("main"), "{}", error.help_text());
}

#[tokio::test]
async fn the_error_for_a_missing_repository_has_similar_names_after_one_more_request() {
    let house = House::connected().await;
    house.ok("createRepository", json!({ "name": "release-notes" })).await;
    house.simulator.clear_journal();
    let error = house.error("getRepositoryFile", json!({ "repository": "releasenotes", "path": "a" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.help_text().contains("\"release-notes\""), "{}", error.help_text());
    assert_eq!(house.requests().len(), 2);
}

#[tokio::test]
async fn a_list_stops_at_its_limit_with_a_warning_and_keeps_raw_records_on_request() {
    let house = House::connected().await;
    house.ok("createRepository", json!({ "name": "second" })).await;
    let whole = house.ok("listRepositories", json!({})).await;
    assert_eq!(whole.get("more"), Some(&Value::from(false)));
    let cut = house.ok("listRepositories", json!({ "limit": 1, "includeRaw": true })).await;
    assert_eq!(cut.get("more"), Some(&Value::from(true)));
    let Some(Value::List(repositories)) = cut.get("repositories") else { panic!("a list") };
    let [only] = repositories.as_slice() else { panic!("one") };
    let only = only.as_dictionary().expect("an entry");
    let raw = only["raw"].as_dictionary().expect("the service's own record");
    assert_eq!(raw["id"], only["id"]);
    assert!(raw.contains_key("sshUrl") && !only.contains_key("sshUrl"));
    for limit in [0, 100_001] {
        let error = house.error("listRepositories", json!({ "limit": limit })).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{limit}");
    }
}

#[tokio::test]
async fn files_of_a_commit_are_checked_before_any_request() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    for files in [
        json!({}),
        json!({ "../a": "b" }),
        json!({ "a": "b", "/a": "c" }),
        json!({ ".git/config": "x" }),
        json!({ "a": true }),
    ] {
        let inputs = json!({ "repository": "site", "branch": "main", "message": "x", "files": files });
        assert_eq!(house.error("commitFiles", inputs).await.code(), ErrorCode::InputInvalid, "{files}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
}
