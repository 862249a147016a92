//! An empty repository and a disabled one have their own words in every action that needs the content of a repository.

use azdo_bot::actions::CATALOGUE;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Namespace;
use serde_json::json;

use crate::flow::support::House;

/// The actions for the content of a repository, with inputs for a repository `site` with a pull request and a pipeline
fn of_content() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("createRepository", json!({ "name": "fork", "forkOf": "site" })),
        ("listBranches", json!({ "repository": "site" })),
        ("createBranch", json!({ "repository": "site", "branch": "b" })),
        ("createBranch", json!({ "repository": "site", "branch": "b", "fromBranch": "main" })),
        ("deleteBranch", json!({ "repository": "site", "branch": "main" })),
        ("getRepositoryFile", json!({ "repository": "site", "path": "a" })),
        ("getRepositoryFile", json!({ "repository": "site", "path": "a", "branch": "main" })),
        ("listRepositoryFiles", json!({ "repository": "site" })),
        (
            "downloadRepositoryFile",
            json!({ "repository": "site", "path": "/a", "branch": "main", "file": "a" }),
        ),
        ("downloadRepositoryFolder", json!({ "repository": "site", "localFolder": "out" })),
        (
            "commitFolder",
            json!({ "repository": "SITE", "branch": "main", "message": "m", "localFolder": "pages" }),
        ),
        ("listCommits", json!({ "repository": "site", "branch": "main" })),
        ("listCommitChanges", json!({ "repository": "site" })),
        ("listCommitChanges", json!({ "repository": "site", "branch": "main" })),
        ("listCommitStatuses", json!({ "repository": "site", "branch": "main" })),
        (
            "setCommitStatus",
            json!({ "repository": "site", "branch": "main", "name": "n", "state": "PENDING" }),
        ),
        ("listGitTags", json!({ "repository": "site" })),
        ("createGitTag", json!({ "repository": "site", "tag": "t" })),
        ("deleteGitTag", json!({ "repository": "site", "tag": "t" })),
        (
            "commitFiles",
            json!({ "repository": "SITE", "branch": "main", "message": "m", "files": { "a": "b" } }),
        ),
        ("listPullRequests", json!({ "repository": "site" })),
        ("createPullRequest", json!({ "repository": "site", "sourceBranch": "a", "title": "t" })),
        (
            "createPullRequest",
            json!({ "repository": "site", "sourceBranch": "a", "targetBranch": "b", "title": "t" }),
        ),
        ("updatePullRequest", json!({ "id": 1, "title": "t" })),
        ("completePullRequest", json!({ "id": 1 })),
        ("voteOnPullRequest", json!({ "id": 1, "vote": "APPROVE" })),
        ("commentOnPullRequest", json!({ "id": 1, "text": "t" })),
        ("listPullRequestChanges", json!({ "id": 1 })),
        ("listPullRequestWorkItems", json!({ "id": 1 })),
        ("listPullRequestReviewers", json!({ "id": 1 })),
        ("addPullRequestReviewer", json!({ "id": 1, "reviewer": "Bot Runner", "isRequired": true })),
        ("removePullRequestReviewer", json!({ "id": 2, "reviewer": "Bot Runner" })),
        ("listPullRequestThreads", json!({ "id": 1 })),
        ("replyToPullRequestThread", json!({ "id": 1, "thread": 1, "text": "t" })),
        ("resolvePullRequestThread", json!({ "id": 1, "thread": 1 })),
        ("setAutoComplete", json!({ "id": 1 })),
        ("cancelAutoComplete", json!({ "id": 2 })),
        ("abandonPullRequest", json!({ "id": 1 })),
        ("createPipeline", json!({ "name": "p", "repository": "site", "path": "/azure-pipelines.yml" })),
        (
            "createClassicPipeline",
            json!({ "name": "c", "repository": "site", "steps": [{ "title": "t", "script": "make" }] }),
        ),
        ("runPipeline", json!({ "pipeline": "site" })),
        ("runPipeline", json!({ "pipeline": "site", "branch": "main" })),
    ]
}

/// The actions for a repository that do not need its content
const NOT_OF_CONTENT: [&str; 5] =
    ["listRepositories", "getRepository", "updateRepository", "deleteRepository", "importRepository"];

/// The service shows the record of a pull request, or hides it together with the repository
const SHOWN: &str = "getPullRequest";

#[test]
fn every_action_for_the_content_of_a_repository_is_tried() {
    for entry in CATALOGUE.iter().flat_map(|group| group.actions) {
        let name = entry.name();
        let is_of_git = entry.needs.permissions.iter().any(|one| one.namespace == Namespace::Git);
        let is_tried = of_content().iter().any(|(tried, _)| *tried == name);
        let is_known = is_tried || NOT_OF_CONTENT.contains(&name.as_str()) || name == SHOWN;
        assert!(!is_of_git || is_known, "{name} needs a permission for repositories and is not tried");
    }
}

/// A connected bot run, and a local folder with a file
async fn with_pages() -> House {
    let house = House::connected().await;
    let pages = house.folder.path().join("pages");
    std::fs::create_dir(&pages).expect("it is created");
    std::fs::write(pages.join("index.md"), "# Pages\n").expect("it is written");
    house
}

#[tokio::test]
async fn a_disabled_repository_has_its_own_words_in_every_action() {
    let house = with_pages().await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "next", "fromBranch": "main" })).await;
    let commit = json!({ "repository": "site", "branch": "next", "message": "m", "files": { "a.txt": "a" } });
    house.ok("commitFiles", commit).await;
    let create = json!({ "repository": "site", "sourceBranch": "next", "title": "Next" });
    house.ok("createPullRequest", create).await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "draft", "fromBranch": "next" })).await;
    let draft = json!({ "repository": "site", "sourceBranch": "draft", "title": "Draft", "isDraft": true });
    house.ok("createPullRequest", draft).await;
    house.ok("addPullRequestReviewer", json!({ "id": 2, "reviewer": "Bot Runner" })).await;
    house.ok("setAutoComplete", json!({ "id": 2 })).await;
    house.ok("updateRepository", json!({ "repository": "site", "isDisabled": true })).await;
    for (action, inputs) in of_content() {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        let words = "the repository \"site\" is disabled: its content is not accessible";
        assert_eq!(error.message(), words, "{action}");
        assert!(error.help_text().contains("Update repository"), "{action}: {}", error.help_text());
    }
    let error = house.error(SHOWN, json!({ "id": 77 })).await;
    assert!(error.help_text().contains("a repository that is disabled (\"site\")"), "{}", error.help_text());
}

#[tokio::test]
async fn an_empty_repository_has_its_own_words_in_every_action() {
    let house = with_pages().await;
    house.ok("createRepository", json!({ "name": "empty" })).await;
    let pipeline = json!({ "name": "empty", "repository": "empty", "path": "/azure-pipelines.yml" });
    house.ok("createPipeline", pipeline).await;
    let succeeds = [
        "createRepository",
        "commitFiles",
        "commitFolder",
        "listBranches",
        "listGitTags",
        "listPullRequests",
    ];
    let is_for_it = |action: &str| {
        let is_of_pull_request = action.contains("PullRequest") || action.ends_with("AutoComplete");
        !succeeds.contains(&action) && !is_of_pull_request && !action.starts_with("create")
            || ["createBranch", "createPullRequest"].contains(&action)
    };
    for (action, mut inputs) in of_content().into_iter().filter(|(action, _)| is_for_it(action)) {
        for field in ["repository", "pipeline"] {
            if inputs.get(field).is_some() {
                inputs[field] = json!("empty");
            }
        }
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        let words = "the repository \"empty\" is empty: it has no branch, commit or file yet";
        assert_eq!(error.message(), words, "{action}");
        assert!(error.help_text().contains("Commit files"), "{action}: {}", error.help_text());
    }
}
