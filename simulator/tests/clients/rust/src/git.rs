//! Repositories, refs, pushes, commits, files and their objects.

use azure_devops_rust_api::git::Client;
use azure_devops_rust_api::git::models::GitAnnotatedTag;
use azure_devops_rust_api::git::models::GitImportRequest;
use azure_devops_rust_api::git::models::GitPush;
use azure_devops_rust_api::git::models::GitRecycleBinRepositoryDetails;
use azure_devops_rust_api::git::models::GitRefUpdate;
use azure_devops_rust_api::git::models::GitRepository;
use azure_devops_rust_api::git::models::GitRepositoryCreateOptions;
use azure_devops_rust_api::git::models::GitStatus;
use azure_devops_rust_api::git::models::GitVersionType;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::names;
use crate::refused;
use crate::refused_as;
use crate::seen;
use crate::text;

pub(crate) const NOTHING: &str = "0000000000000000000000000000000000000000";

/// Creates a repository with one commit on `main`, and returns both identifiers.
pub(crate) async fn repository(git: &Client, name: &str) -> (String, String) {
    let options = body::<GitRepositoryCreateOptions>(json!({ "name": name }));
    let made = seen(git.repositories_client().create(ORGANIZATION, options, PROJECT).await);
    let id = text(&made, "id");
    let first = push(git, &id, ("main", NOTHING), ("/README.md", "# Rust\n")).await;
    (id, first)
}

/// Pushes a commit that adds a file, and returns its identifier.
pub(crate) async fn push(
    git: &Client,
    repository: &str,
    (branch, old): (&str, &str),
    (path, content): (&str, &str),
) -> String {
    let pushed =
        git.pushes_client().create(ORGANIZATION, adding(branch, old, path, content), repository, PROJECT);
    text(&seen(pushed.await)["commits"][0], "commitId")
}

/// A push with one commit that adds a file.
fn adding(branch: &str, old: &str, path: &str, content: &str) -> GitPush {
    let change = json!({ "changeType": "add", "item": { "path": path },
        "newContent": { "content": content, "contentType": "rawText" } });
    body(json!({
        "refUpdates": [{ "name": format!("refs/heads/{branch}"), "oldObjectId": old }],
        "commits": [{ "comment": format!("add {path}"), "changes": [change] }],
    }))
}

#[tokio::test]
async fn a_repository_is_created_listed_renamed_deleted_and_restored() {
    let git = client!(git);
    let repositories = git.repositories_client();
    let (id, _) = repository(&git, "rust-kept").await;
    assert!(names(&seen(repositories.list(ORGANIZATION, PROJECT).await)).contains(&"rust-kept"));
    let mut found = seen(repositories.get_repository(ORGANIZATION, &id, PROJECT).await);
    assert_eq!(found["defaultBranch"], "refs/heads/main");
    found["name"] = json!("rust-renamed");
    let changed = repositories.update(ORGANIZATION, body::<GitRepository>(found), &id, PROJECT).await;
    assert_eq!(seen(changed)["name"], "rust-renamed");
    repositories.delete(ORGANIZATION, &id, PROJECT).await.expect("it is deleted");
    refused_as(repositories.get_repository(ORGANIZATION, &id, PROJECT).await, 404, "TF401019");
    let bin = seen(repositories.get_recycle_bin_repositories(ORGANIZATION, PROJECT).await);
    assert!(names(&bin).contains(&"rust-renamed"));
    let back = repositories.restore_repository_from_recycle_bin(
        ORGANIZATION,
        body::<GitRecycleBinRepositoryDetails>(json!({ "deleted": false })),
        PROJECT,
        &id,
    );
    assert_eq!(seen(back.await)["name"], "rust-renamed");
}

#[tokio::test]
async fn a_name_in_use() {
    let options = body::<GitRepositoryCreateOptions>(json!({ "name": "site" }));
    let made = client!(git).repositories_client().create(ORGANIZATION, options, PROJECT).await;
    refused_as(made, 409, "GitRepositoryNameAlreadyExistsException");
}

#[tokio::test]
async fn pushes_branches_commits_and_files() {
    let git = client!(git);
    let (id, first) = repository(&git, "rust-pushed").await;
    let update = body::<GitRefUpdate>(
        json!({ "name": "refs/heads/topic", "oldObjectId": NOTHING, "newObjectId": first }),
    );
    let updated = seen(git.refs_client().update_refs(ORGANIZATION, vec![update], &id, PROJECT).await);
    assert_eq!(updated["value"][0]["updateStatus"], "succeeded");
    let second = push(&git, &id, ("topic", &first), ("/NEWS.md", "New\n")).await;

    let refs = seen(git.refs_client().list(ORGANIZATION, &id, PROJECT).filter("heads/").await);
    assert_eq!(names(&refs), ["refs/heads/main", "refs/heads/topic"]);
    let listed = git.commits_client().get_commits(ORGANIZATION, &id, PROJECT);
    let listed = seen(listed.search_criteria_item_version_version("topic").await);
    assert_eq!(listed["value"][0]["commitId"], second.as_str());
    let commit = seen(git.commits_client().get(ORGANIZATION, &second, &id, PROJECT).await);
    assert_eq!((&commit["comment"], &commit["parents"][0]), (&json!("add /NEWS.md"), &json!(first)));
    let changes = seen(git.commits_client().get_changes(ORGANIZATION, &second, &id, PROJECT).await);
    assert_eq!(changes["changes"][0]["changeType"], "add");

    let item = git.items_client().get(ORGANIZATION, &id, "/NEWS.md", PROJECT);
    let item = item
        .include_content(true)
        .format("json")
        .version_descriptor_version("topic")
        .version_descriptor_version_type(GitVersionType::Branch);
    let item = seen(item.await);
    assert_eq!((&item["path"], &item["content"]), (&json!("/NEWS.md"), &json!("New\n")));
    let stats = seen(git.stats_client().get(ORGANIZATION, &id, "topic", PROJECT).await);
    assert_eq!((&stats["aheadCount"], &stats["behindCount"]), (&json!(1), &json!(0)));
    let pushes = seen(git.pushes_client().list(ORGANIZATION, &id, PROJECT).await);
    assert_eq!(pushes["value"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn trees_blobs_and_differences() {
    let git = client!(git);
    let (id, first) = repository(&git, "rust-objects").await;
    let second = push(&git, &id, ("main", &first), ("/b.txt", "b\n")).await;
    let commit = seen(git.commits_client().get(ORGANIZATION, &second, &id, PROJECT).await);
    let tree = seen(git.trees_client().get(ORGANIZATION, &id, text(&commit, "treeId"), PROJECT).await);
    let paths: Vec<&Value> =
        tree["treeEntries"].as_array().into_iter().flatten().map(|one| &one["relativePath"]).collect();
    assert_eq!(paths, ["README.md", "b.txt"]);
    let blob = text(&tree["treeEntries"][1], "objectId");
    let blob = seen(git.blobs_client().get_blob(ORGANIZATION, &id, &blob, PROJECT).format("json").await);
    assert_eq!(blob["size"], 2);
    let diff = git.diffs_client().get(ORGANIZATION, &id, PROJECT);
    let diff = diff
        .base_version(&first)
        .base_version_type(GitVersionType::Commit)
        .target_version(&second)
        .target_version_type(GitVersionType::Commit);
    assert_eq!(seen(diff.await)["changes"][0]["item"]["path"], "/b.txt");
}

#[tokio::test]
async fn tags_and_statuses_of_a_commit() {
    let git = client!(git);
    let (id, first) = repository(&git, "rust-tagged").await;
    let tag = body::<GitAnnotatedTag>(
        json!({ "name": "v1", "message": "One", "taggedObject": { "objectId": first } }),
    );
    let made = seen(git.annotated_tags_client().create(ORGANIZATION, tag, PROJECT, &id).await);
    let found = git.annotated_tags_client().get(ORGANIZATION, PROJECT, &id, text(&made, "objectId")).await;
    assert_eq!(seen(found)["message"], "One");
    let status =
        body::<GitStatus>(json!({ "state": "succeeded", "context": { "name": "rust" }, "description": "d" }));
    let made = seen(git.statuses_client().create(ORGANIZATION, status, &first, &id, PROJECT).await);
    assert_eq!((&made["state"], &made["context"]["name"]), (&json!("succeeded"), &json!("rust")));
    let listed = seen(git.statuses_client().list(ORGANIZATION, &first, &id, PROJECT).await);
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_import_of_another_repository() {
    let git = client!(git);
    let options = body::<GitRepositoryCreateOptions>(json!({ "name": "rust-imported" }));
    let id = text(&seen(git.repositories_client().create(ORGANIZATION, options, PROJECT).await), "id");
    let source =
        json!({ "parameters": { "gitSource": { "url": "https://example.com/fabrikam/_git/site" } } });
    let imports = git.import_requests_client();
    let begun = seen(imports.create(ORGANIZATION, body::<GitImportRequest>(source), PROJECT, &id).await);
    assert_eq!(begun["status"], "queued");
    let mut seen_last = Value::Null;
    for _ in 0..3 {
        seen_last =
            seen(imports.get(ORGANIZATION, PROJECT, &id, crate::number(&begun, "importRequestId")).await);
    }
    assert_eq!(seen_last["status"], "completed");
}

#[tokio::test]
async fn a_branch_is_locked() {
    let git = client!(git);
    let (id, _) = repository(&git, "rust-locked").await;
    let lock = body::<GitRefUpdate>(json!({ "isLocked": true }));
    let locked = seen(git.refs_client().update_ref(ORGANIZATION, lock, &id, "heads/main", PROJECT).await);
    assert_eq!(
        (&locked["isLocked"], &locked["isLockedBy"]["displayName"]),
        (&json!(true), &json!("Ann Lee"))
    );
}

#[tokio::test]
async fn a_push_from_an_old_commit() {
    let git = client!(git);
    let (id, _) = repository(&git, "rust-stale").await;
    let late = adding("main", &"1".repeat(40), "/x", "x");
    let pushed = git.pushes_client().create(ORGANIZATION, late, &id, PROJECT).await;
    refused_as(pushed, 409, "GitReferenceStaleException");
}

#[tokio::test]
async fn a_file_and_a_branch_that_are_missing() {
    let git = client!(git);
    let item = git.items_client().get(ORGANIZATION, "site", "/nothing", PROJECT).await;
    refused_as(item, 404, "GitItemNotFoundException");
    let commits = git.commits_client().get_commits(ORGANIZATION, "site", PROJECT);
    let commits = commits.search_criteria_item_version_version("nothing").await;
    assert_eq!(refused(commits).0, 404);
}
