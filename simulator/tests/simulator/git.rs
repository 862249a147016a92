//! Repositories, refs, branches, pushes and commits.

use azdo_simulator::InvisibleFor;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

const REPOSITORIES: &str = "/fabrikam/Fabrikam/_apis/git/repositories";
const ZERO: &str = "0000000000000000000000000000000000000000";

/// A bench with an empty repository `new` beside `site`.
async fn bench() -> Bench {
    let bench = Bench::new().await;
    bench.send("POST", REPOSITORIES, json!({ "name": "new" })).await.expect(201);
    bench
}

fn push(name: &str, old: &str, changes: Value) -> Value {
    json!({
        "refUpdates": [{ "name": name, "oldObjectId": old }],
        "commits": [{ "comment": "A commit", "changes": changes }],
    })
}

fn add(path: &str, content: &str) -> Value {
    json!({ "changeType": "add", "item": { "path": path }, "newContent": { "content": content, "contentType": "rawtext" } })
}

async fn tip(bench: &Bench, repository: &str, branch: &str) -> String {
    let list =
        bench.get(&format!("{REPOSITORIES}/{repository}/refs?filter=heads/{branch}")).await.expect(200);
    list["value"][0]["objectId"].as_str().unwrap_or(ZERO).to_owned()
}

#[tokio::test]
async fn a_new_repository_is_empty() {
    let bench = Bench::new().await;
    let answer = bench.send("POST", REPOSITORIES, json!({ "name": "new" })).await;
    let created = answer.expect(201);
    assert_eq!((created["name"].as_str(), created["size"].as_u64()), (Some("new"), Some(0)));
    assert_eq!(created.get("defaultBranch"), None);
    assert_eq!(
        (created["isDisabled"].as_bool(), created["isInMaintenance"].as_bool()),
        (Some(false), Some(false))
    );
    assert_eq!(created["project"]["name"], "Fabrikam");
    let id = created["id"].as_str().unwrap();
    for path in [
        format!("{REPOSITORIES}/NEW"),
        format!("{REPOSITORIES}/{id}"),
        format!("/fabrikam/_apis/git/repositories/{id}"),
    ] {
        assert_eq!(bench.get(&path).await.expect(200)["id"], id, "{path}");
    }
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new/refs")).await.expect(200)["count"], 0);
    let items = bench.get(&format!("{REPOSITORIES}/new/items?path=/README.md")).await;
    assert_eq!(items.status, 404);
    assert!(items.text().contains("VS403403: Cannot find any branches for the 'new' repository."));
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new/stats/branches")).await.status, 404);
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new/commits")).await.expect(200)["count"], 0);
}

#[tokio::test]
async fn invalid_repositories_are_refused() {
    let bench = Bench::new().await;
    let create = |body: Value| bench.send("POST", REPOSITORIES, body);
    let key = "GitRepositoryNameAlreadyExistsException";
    create(json!({ "name": "SITE" })).await.refused(
        409,
        key,
        "TF400948: A Git repository with the name SITE already exists.",
    );
    for name in ["", "_a", "a/b", "a:b", "a.", &"n".repeat(65)] {
        create(json!({ "name": name })).await.refused(400, "InvalidArgumentValueException", "TF401025: ");
    }
    create(json!("text")).await.refused(400, "ArgumentNullException", "Value cannot be null.");
    let missing = bench.get(&format!("{REPOSITORIES}/nothing")).await;
    missing.refused(
        404,
        "GitRepositoryNotFoundException",
        "TF401019: The Git repository with name or identifier nothing",
    );
    let elsewhere = bench.get("/fabrikam/Nowhere/_apis/git/repositories").await;
    elsewhere.refused(404, "ProjectDoesNotExistWithNameException", "TF200016: ");
    assert_eq!(
        bench.get("/fabrikam/_apis/git/repositories/site").await.status,
        404,
        "a name needs its project"
    );
    let everywhere = bench.get("/fabrikam/_apis/git/repositories").await.expect(200);
    assert_eq!(everywhere["count"], 2);
}

#[tokio::test]
async fn a_repository_can_be_created_by_project_identifier() {
    let bench = Bench::new().await;
    let project = bench.get("/fabrikam/_apis/projects/Archive").await.expect(200)["id"].clone();
    let body = json!({ "name": "new", "project": { "id": project } });
    let created = bench.send("POST", "/fabrikam/_apis/git/repositories", body).await.expect(201);
    assert_eq!(created["project"]["name"], "Archive");
}

#[tokio::test]
async fn the_first_push_creates_the_default_branch() {
    let bench = bench().await;
    let changes = json!([add("/README.md", "# new\n"), add("/a/b.txt", "b\n")]);
    let pushed = bench
        .send("POST", &format!("{REPOSITORIES}/new/pushes"), push("refs/heads/main", ZERO, changes))
        .await;
    let pushed = pushed.expect(201);
    let commit = pushed["commits"][0]["commitId"].as_str().unwrap();
    assert_eq!(pushed["refUpdates"][0]["newObjectId"], commit);
    assert_eq!(pushed["refUpdates"][0]["oldObjectId"], ZERO);
    assert_eq!(pushed["pushId"], 1);
    assert_eq!(pushed["repository"]["defaultBranch"], "refs/heads/main");
    assert_eq!(tip(&bench, "new", "main").await, commit);
    let one = bench.get(&format!("{REPOSITORIES}/new/commits/{commit}")).await.expect(200);
    assert_eq!(
        (one["comment"].as_str(), one["author"]["name"].as_str()),
        (Some("A commit"), Some("Bot Runner"))
    );
    let missing = bench.get(&format!("{REPOSITORIES}/new/commits/{ZERO}")).await;
    missing.refused(404, "GitUnresolvableToCommitException", "TF401175:The version descriptor <Commit: ");
}

#[tokio::test]
async fn several_commits_are_pushed_at_once() {
    let bench = Bench::new().await;
    let old = tip(&bench, "site", "main").await;
    let edit = json!({ "changeType": "edit", "item": { "path": "/a.txt" }, "newContent": { "content": "aGk=", "contentType": "base64encoded" } });
    let rename =
        json!({ "changeType": "rename", "sourceServerItem": "/a.txt", "item": { "path": "/b.txt" } });
    let body = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": old }],
        "commits": [
            { "comment": "one", "changes": [add("/a.txt", "first")] },
            { "comment": "two", "changes": [edit, { "changeType": "delete", "item": { "path": "/README.md" } }] },
            { "comment": "three", "changes": [rename] },
        ],
    });
    let pushed = bench.send("POST", &format!("{REPOSITORIES}/site/pushes"), body).await.expect(201);
    let comments: Vec<_> = pushed["commits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|commit| commit["comment"].as_str().unwrap())
        .collect();
    assert_eq!(comments, ["three", "two", "one"]);
    let log = bench.get(&format!("{REPOSITORIES}/site/commits?searchCriteria.$top=3")).await.expect(200);
    assert_eq!(
        log["value"].as_array().unwrap().iter().map(|commit| &commit["commitId"]).collect::<Vec<_>>(),
        pushed["commits"].as_array().unwrap().iter().map(|commit| &commit["commitId"]).collect::<Vec<_>>()
    );
    let text = bench.get(&format!("{REPOSITORIES}/site/items?path=/b.txt&$format=text")).await;
    assert_eq!((text.status, text.text().as_str()), (200, "hi"));
    assert_eq!(bench.get(&format!("{REPOSITORIES}/site/items?path=/README.md")).await.status, 404);
    assert_eq!(bench.get(&format!("{REPOSITORIES}/site/items?path=/a.txt")).await.status, 404);
}

#[tokio::test]
async fn pushes_are_refused_and_change_nothing() {
    let bench = Bench::new().await;
    let old = tip(&bench, "site", "main").await;
    let other = "1".repeat(40);
    let main = "refs/heads/main";
    let missing = |kind: &str| json!([{ "changeType": kind, "item": { "path": "/no" }, "newContent": { "content": "" } }]);
    let fine = || json!([add("/new.txt", "x")]);
    let (stale, argument) = ("GitReferenceStaleException", "InvalidArgumentValueException");
    let rows = [
        (
            push(main, ZERO, fine()),
            409,
            stale,
            "TF401028: The reference 'refs/heads/main' has already been updated",
        ),
        (push(main, &other, fine()), 409, stale, "TF401028: "),
        (push("refs/heads/new", &other, fine()), 409, stale, "TF401028: "),
        (
            push(main, &old, json!([add("/README.md", "x")])),
            400,
            argument,
            "The path '/README.md' specified in the add operation already exists.",
        ),
        (
            push(main, &old, missing("edit")),
            404,
            "GitItemNotFoundException",
            "TF401174: The item '/no' could not be found",
        ),
        (push(main, &old, missing("delete")), 404, "GitItemNotFoundException", "TF401174: "),
        (push("main", &old, fine()), 400, argument, "The ref name 'main' is not valid."),
        (push(main, "abc", fine()), 400, argument, "The object id 'abc' is not valid."),
        (push(main, &old, json!([add("/a/../b", "x")])), 400, argument, "The path '/a/../b' is not valid."),
        (push(main, &old, json!([add("/a/", "x")])), 400, argument, "The path '/a/' is not valid."),
        (
            push(main, &old, missing("encoding")),
            400,
            argument,
            "The change type 'encoding' is not supported.",
        ),
        (
            json!({ "refUpdates": [], "commits": [] }),
            400,
            argument,
            "A push must have exactly one ref update.",
        ),
        (
            json!({ "refUpdates": [{ "name": main, "oldObjectId": old }] }),
            400,
            argument,
            "A push must have at least one commit.",
        ),
        (json!([]), 400, "ArgumentNullException", "Value cannot be null."),
    ];
    for (body, status, key, message) in rows {
        bench.send("POST", &format!("{REPOSITORIES}/site/pushes"), body).await.refused(status, key, message);
    }
    assert_eq!(tip(&bench, "site", "main").await, old);
    assert_eq!(bench.get(&format!("{REPOSITORIES}/site/refs")).await.expect(200)["count"], 1);
}

#[tokio::test]
async fn refs_are_listed_created_and_deleted() {
    let bench = Bench::new().await;
    let old = tip(&bench, "site", "main").await;
    let refs = format!("{REPOSITORIES}/site/refs");
    let update =
        |name: &str, from: &str, to: &str| json!({ "name": name, "oldObjectId": from, "newObjectId": to });
    let answer = bench
        .send(
            "POST",
            &refs,
            json!([
                update("refs/heads/a", ZERO, &old),
                update("refs/heads/main", ZERO, &old),
                update("refs/heads/b", ZERO, &"1".repeat(40)),
                update("heads/b", ZERO, &old),
            ]),
        )
        .await
        .expect(200);
    let statuses: Vec<_> = answer["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["updateStatus"].as_str().unwrap(), one["success"].as_bool().unwrap()))
        .collect();
    let expected = [
        ("succeeded", true),
        ("staleOldObjectId", false),
        ("unresolvableToCommit", false),
        ("invalidRefName", false),
    ];
    assert_eq!(statuses, expected);

    let first = bench.get(&format!("{refs}?filter=heads/&$top=1")).await;
    assert_eq!(first.json()["value"][0]["name"], "refs/heads/a");
    let text = first.text();
    assert!(text.find("\"value\"") < text.find("\"count\""), "git's lists begin with the value");
    let next = first.header("x-ms-continuationtoken").unwrap();
    let second = bench.get(&format!("{refs}?filter=heads/&$top=1&continuationToken={next}")).await;
    assert_eq!(second.json()["value"][0]["name"], "refs/heads/main");
    assert_eq!(second.header("x-ms-continuationtoken"), None);

    bench.send("POST", &refs, json!([update("refs/heads/a", &old, ZERO)])).await.expect(200);
    assert_eq!(bench.get(&format!("{refs}?filter=heads/a")).await.expect(200)["count"], 0);
}

#[tokio::test]
async fn branch_statistics_count_commits_ahead_and_behind() {
    let repository = Repository::named("site").file("/a", "a").file_on("topic", "/b", "b");
    let world = World::hard().organization(
        Organization::named("fabrikam").project(Project::named("Fabrikam").repository(repository)),
    );
    let bench = Bench::of(world).await;
    let branches = bench.get(&format!("{REPOSITORIES}/site/stats/branches")).await.expect(200);
    let rows: Vec<_> = branches["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["aheadCount"].as_u64().unwrap(),
                one["isBaseVersion"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(rows, [("main", 0, true), ("topic", 1, false)]);
    assert_eq!(
        bench.get(&format!("{REPOSITORIES}/site/stats/branches?name=topic")).await.expect(200)["behindCount"],
        0
    );
    let missing = bench.get(&format!("{REPOSITORIES}/site/stats/branches?name=no")).await;
    missing.refused(404, "GitUnresolvableToCommitException", "TF401175:");
}

#[tokio::test]
async fn a_new_object_can_stay_invisible_for_a_while() {
    let twice = World::hard().switches(|switches| switches.invisible_for = InvisibleFor::Requests(2));
    let bench = Bench::of(twice).await;
    bench.send("POST", REPOSITORIES, json!({ "name": "new" })).await.expect(201);
    assert_eq!(bench.get(REPOSITORIES).await.expect(200)["count"], 1);
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new")).await.status, 404);
    assert_eq!(bench.get(&format!("{REPOSITORIES}/new")).await.status, 200);
    assert_eq!(bench.get(REPOSITORIES).await.expect(200)["count"], 2);
}
