//! Git over HTTP, with the installed git as the client.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::json;
use tempfile::TempDir;

use crate::client::Answer;
use crate::client::Bench;

const CODE: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site";

/// A bench, and a folder for the clones.
struct Workshop {
    bench: Bench,
    folder: TempDir,
}

/// The result of a git command: whether it succeeded, and everything that it wrote.
struct Ran {
    worked: bool,
    said: String,
}

impl Ran {
    #[track_caller]
    fn ok(self) -> String {
        assert!(self.worked, "{}", self.said);
        self.said.trim().to_owned()
    }

    #[track_caller]
    fn failed(self) -> String {
        assert!(!self.worked, "{}", self.said);
        self.said
    }
}

impl Workshop {
    async fn new(people: Vec<User>) -> Workshop {
        let site = Repository::named("site").file("/README.md", "# site\n").file("/src/a.txt", "a\n");
        let guarded =
            Repository::named("guarded").file("/README.md", "x\n").policy(PolicyKind::Comments.on_main());
        let project = Project::named("Fabrikam").repository(site).repository(guarded);
        let project = project.repository(Repository::named("empty"));
        let organization = Organization::named("fabrikam").project(project).user(User::named("Owner"));
        let organization = people.into_iter().fold(organization, Organization::user);
        let bench = Bench::of(World::hard().organization(organization)).await;
        Workshop { bench, folder: tempfile::tempdir().unwrap() }
    }

    fn token(&self) -> String {
        self.bench.simulator.token("fabrikam").unwrap()
    }

    fn token_of(&self, user: &str) -> String {
        let token = TokenOptions::full().named(user).for_user(user);
        self.bench.simulator.mint_token("fabrikam", token).unwrap()
    }

    fn url(&self, token: &str, repository: &str) -> String {
        format!("http://bot:{token}@{}/fabrikam/Fabrikam/_git/{repository}", self.bench.simulator.address())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs git while the simulator runs.
    async fn git(&self, place: &str, arguments: &[&str]) -> Ran {
        let (place, home) = (self.path(place), self.folder.path().to_owned());
        let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        tokio::task::spawn_blocking(move || run(&place, &home, &arguments)).await.unwrap()
    }

    async fn clone(&self, token: &str, repository: &str, name: &str, more: &[&str]) -> Ran {
        let url = self.url(token, repository);
        let arguments = [&["clone", "--quiet"], more, &[url.as_str(), name]].concat();
        self.git("", &arguments).await
    }

    /// Commits a file in a clone and returns the identifier of the commit.
    async fn commit(&self, place: &str, file: &str, content: &str) -> String {
        std::fs::write(self.path(place).join(file), content).unwrap();
        self.git(place, &["add", "--all"]).await.ok();
        self.git(place, &["commit", "--quiet", "--message", "From git"]).await.ok();
        self.git(place, &["rev-parse", "HEAD"]).await.ok()
    }

    async fn tip(&self, repository: &str, branch: &str) -> String {
        let path =
            format!("/fabrikam/Fabrikam/_apis/git/repositories/{repository}/stats/branches?name={branch}");
        let found = self.bench.get(&path).await.expect(200);
        found["commit"]["commitId"].as_str().unwrap().to_owned()
    }
}

fn run(place: &Path, home: &Path, arguments: &[String]) -> Ran {
    let mut git = Command::new("git");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if text.starts_with("GIT_") || text.ends_with("_PROXY") {
            git.env_remove(name);
        }
    }
    git.current_dir(place)
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", home.join("no-settings"))
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_AUTHOR_NAME", "Ann Lee")
        .env("GIT_AUTHOR_EMAIL", "ann@fabrikam.example")
        .env("GIT_AUTHOR_DATE", "2023-11-14T22:13:20+0530")
        .env("GIT_COMMITTER_NAME", "Bot")
        .env("GIT_COMMITTER_EMAIL", "bot@fabrikam.example")
        .env("LC_ALL", "C");
    let output = git.args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Ran { worked: output.status.success(), said: String::from_utf8_lossy(&said).into_owned() }
}

#[tokio::test]
async fn what_git_pushes_is_seen_over_rest_and_the_reverse() {
    let shop = Workshop::new(Vec::new()).await;
    let token = shop.token();
    shop.clone(&token, "site", "clone", &[]).await.ok();
    assert_eq!(std::fs::read_to_string(shop.path("clone/src/a.txt")).unwrap(), "a\n");
    assert_eq!(shop.git("clone", &["rev-parse", "HEAD"]).await.ok(), shop.tip("site", "main").await);

    let pushed = shop.commit("clone", "b.txt", "b\n").await;
    shop.git("clone", &["push", "--quiet", "origin", "main"]).await.ok();
    assert_eq!(shop.tip("site", "main").await, pushed);
    assert_eq!(shop.bench.get(&format!("{CODE}/items?path=/b.txt&$format=text")).await.text(), "b\n");
    let commit = shop.bench.get(&format!("{CODE}/commits/{pushed}")).await.expect(200);
    assert_eq!((&commit["author"]["name"], &commit["committer"]["name"]), (&json!("Ann Lee"), &json!("Bot")));
    assert_eq!(commit["author"]["date"], "2023-11-14T16:43:20Z");
    let pushes =
        shop.bench.get(&format!("{CODE}/pushes?searchCriteria.includeRefUpdates=true")).await.expect(200);
    assert_eq!(pushes["value"][0]["refUpdates"][0]["newObjectId"], *pushed);

    let body = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": pushed }],
        "commits": [{ "comment": "From REST", "changes": [{ "changeType": "add", "item": { "path": "/c.txt" }, "newContent": { "content": "c\n" } }] }],
    });
    shop.bench.send("POST", &format!("{CODE}/pushes"), body).await.expect(201);
    shop.git("clone", &["pull", "--quiet"]).await.ok();
    assert_eq!(shop.git("clone", &["rev-parse", "HEAD"]).await.ok(), shop.tip("site", "main").await);
    assert_eq!(std::fs::read_to_string(shop.path("clone/c.txt")).unwrap(), "c\n");
    let stale = shop.git("clone", &["push", "origin", "HEAD~1:main", "--force-with-lease=main:HEAD~1"]).await;
    assert!(stale.failed().contains("stale info"));
}

#[tokio::test]
async fn a_token_is_the_password_or_a_header_and_is_asked_for_first() {
    let shop = Workshop::new(Vec::new()).await;
    let path = "/fabrikam/Fabrikam/_git/site/info/refs?service=git-upload-pack";
    let asked = Answer::of(shop.bench.bare("GET", path)).await;
    let challenges: Vec<&str> =
        asked.headers.get_all("www-authenticate").iter().map(|one| one.to_str().unwrap()).collect();
    assert_eq!((asked.status, asked.body.len()), (401, 0));
    assert_eq!(challenges, ["Basic realm=\"https://tfsprodeus1.visualstudio.com/\"", "TFS-Federated"]);

    let address = shop.bench.simulator.address();
    let url = format!("http://{address}/fabrikam/Fabrikam/_git/site");
    let refused = shop.git("", &["ls-remote", &url]).await.failed();
    assert!(refused.contains("could not read Username"), "{refused}");
    let entra = shop.bench.simulator.entra_token("fabrikam").unwrap();
    let header = format!("http.extraHeader=Authorization: Bearer {entra}");
    let listed = shop.git("", &["-c", &header, "ls-remote", &url]).await.ok();
    let tip = shop.tip("site", "main").await;
    assert_eq!(listed, format!("{tip}\tHEAD\n{tip}\trefs/heads/main"));
    let read = TokenOptions::with_scopes(["vso.code"]).named("read");
    let read = shop.bench.simulator.mint_token("fabrikam", read).unwrap();
    shop.clone(&read, "site", "clone", &[]).await.ok();
    shop.commit("clone", "b.txt", "b\n").await;
    let refused = shop.git("clone", &["push", "origin", "main"]).await.failed();
    assert!(refused.contains("Authentication failed"), "{refused}");
    let missing = shop.clone(&shop.token(), "nothing", "other", &[]).await.failed();
    assert!(
        missing.contains("remote: TF401019: The Git repository with name or identifier nothing"),
        "{missing}"
    );
}

#[tokio::test]
async fn shallow_and_partial_clones_work_in_both_protocols() {
    let shop = Workshop::new(Vec::new()).await;
    let token = shop.token();
    shop.clone(&token, "site", "whole", &[]).await.ok();
    shop.commit("whole", "b.txt", "b\n").await;
    shop.git("whole", &["push", "--quiet", "origin", "main"]).await.ok();
    for version in ["0", "2"] {
        let protocol = format!("protocol.version={version}");
        let name = format!("shallow{version}");
        shop.clone(&token, "site", &name, &["--depth", "1", "--config", &protocol]).await.ok();
        assert_eq!(shop.git(&name, &["rev-list", "--count", "HEAD"]).await.ok(), "1");
        shop.git(&name, &["fetch", "--quiet", "--unshallow"]).await.ok();
        assert_eq!(shop.git(&name, &["rev-list", "--count", "HEAD"]).await.ok(), "2");
        let name = format!("partial{version}");
        let filter = ["--filter=blob:none", "--no-checkout", "--config", &protocol];
        shop.clone(&token, "site", &name, &filter).await.ok();
        let missing = ["rev-list", "--objects", "--missing=print", "HEAD"];
        assert!(shop.git(&name, &missing).await.ok().lines().any(|line| line.starts_with('?')));
        assert_eq!(shop.git(&name, &["show", "HEAD:b.txt"]).await.ok(), "b");
    }
}

#[tokio::test]
async fn a_locked_branch_is_changed_by_its_user_only() {
    let shop = Workshop::new(vec![User::named("Other")]).await;
    let (own, other) = (shop.token(), shop.token_of("Other"));
    shop.clone(&own, "site", "clone", &[]).await.ok();
    let refs = format!("{CODE}/refs?filter=heads/main");
    let locked = shop.bench.send("PATCH", &refs, json!({ "isLocked": true })).await.expect(200);
    assert_eq!(locked["isLockedBy"]["displayName"], "Owner");
    let listed = shop.bench.get(&refs).await.expect(200);
    assert_eq!(listed["value"][0]["isLocked"], true);
    shop.commit("clone", "b.txt", "b\n").await;
    let refused = shop.git("clone", &["push", &shop.url(&other, "site"), "main"]).await.failed();
    assert!(refused.contains("is locked by Owner"), "{refused}");
    let tip = shop.tip("site", "main").await;
    let update = json!([{ "name": "refs/heads/main", "oldObjectId": tip, "newObjectId": "0".repeat(40) }]);
    let update = shop.bench.request_as(&other, "POST", &format!("{CODE}/refs")).json(&update);
    assert_eq!(Answer::of(update).await.expect(200)["value"][0]["updateStatus"], "locked");
    let unlock = shop.bench.request_as(&other, "PATCH", &refs).json(&json!({ "isLocked": false }));
    Answer::of(unlock).await.refused(403, "GitRefLockedException", "The reference ");
    shop.git("clone", &["push", "--quiet", "origin", "main"]).await.ok();
    let free = shop.bench.send("PATCH", &refs, json!({ "isLocked": false })).await.expect(200);
    assert_eq!(free["isLocked"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_commit_that_is_not_there_is_refused_by_git_itself() {
    let shop = Workshop::new(Vec::new()).await;
    shop.git("", &["init", "--quiet", "clone"]).await.ok();
    let (url, nowhere) = (shop.url(&shop.token(), "site"), "1".repeat(40));
    for version in ["0", "2"] {
        let protocol = format!("protocol.version={version}");
        let fetch = shop.git("clone", &["-c", &protocol, "fetch", &url, &nowhere]).await.failed();
        assert!(fetch.contains("not our ref") || fetch.contains("does not allow"), "{version}: {fetch}");
    }
}

#[tokio::test]
async fn a_push_to_a_branch_with_a_policy_is_rejected_alone_or_with_all() {
    let shop = Workshop::new(Vec::new()).await;
    shop.clone(&shop.token(), "guarded", "clone", &[]).await.ok();
    let before = shop.tip("guarded", "main").await;
    let pushed = shop.commit("clone", "b.txt", "b\n").await;
    let rejected = "! [remote rejected] main -> main (TF402455: Pushes to this branch are not permitted; you must use a pull \
                    request to update this branch.)";
    let said = shop.git("clone", &["push", "--atomic", "origin", "main", "main:topic"]).await.failed();
    assert!(said.contains(rejected) && said.contains("[remote rejected] main -> topic"), "{said}");
    let none = shop.git("clone", &["ls-remote", "origin", "refs/heads/topic"]).await.ok();
    assert_eq!(none, "");
    let said = shop.git("clone", &["push", "origin", "main", "main:topic"]).await.failed();
    assert!(said.contains(rejected) && said.contains("main -> topic"), "{said}");
    assert_eq!((shop.tip("guarded", "main").await, shop.tip("guarded", "topic").await), (before, pushed));
    let said = shop.git("clone", &["push", "origin", ":main"]).await.failed();
    assert!(said.contains("TF402455"), "{said}");
}

#[tokio::test]
async fn a_push_needs_the_permission_that_it_uses() {
    let without = |name: &str, permission| User::named(name).without_in("site", permission);
    let shop = Workshop::new(vec![
        without("Branch", Permission::CreateBranch),
        without("Tag", Permission::CreateTag),
        without("Force", Permission::ForcePush),
        without("Contribute", Permission::GenericContribute),
        without("Read", Permission::GenericRead),
    ])
    .await;
    shop.clone(&shop.token(), "site", "clone", &[]).await.ok();
    shop.commit("clone", "b.txt", "b\n").await;
    shop.git("clone", &["push", "--quiet", "origin", "main", "main:old"]).await.ok();
    for (user, refspec, permission) in [
        ("Branch", "main:new", "CreateBranch"),
        ("Tag", "main:refs/tags/new", "CreateTag"),
        ("Force", "+HEAD~1:old", "ForcePush"),
        ("Force", ":old", "ForcePush"),
    ] {
        let url = shop.url(&shop.token_of(user), "site");
        let said = shop.git("clone", &["push", &url, refspec]).await.failed();
        let expected = format!(
            "(TF401027: You need the Git '{permission}' permission to perform this action. Details: identity '{user}', scope \
             'branch'.)"
        );
        assert!(said.contains("[remote rejected]") && said.contains(&expected), "{said}");
    }
    let url = shop.url(&shop.token_of("Contribute"), "site");
    let said = shop.git("clone", &["push", &url, "main"]).await.failed();
    let sentence = "TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: identity \
                    'Contribute', scope 'repository'.";
    for expected in
        ["remote: 001f# service=git-receive-pack", &format!("remote: {sentence}"), "returned error: 403"]
    {
        assert!(said.contains(expected), "{said}");
    }
    let said = shop.clone(&shop.token_of("Read"), "site", "hidden", &[]).await.failed();
    assert!(said.contains("TF401019") && said.contains("not found"), "{said}");
    shop.git("clone", &["push", "--quiet", "origin", "+HEAD~1:old", "main:new"]).await.ok();
    shop.git("clone", &["push", "--quiet", "origin", ":old"]).await.ok();
    assert_eq!(shop.bench.get(&format!("{CODE}/refs?filter=heads/old")).await.expect(200)["count"], 0);
}

#[tokio::test]
async fn a_history_that_git_made_is_kept_exactly_also_in_a_saved_world() {
    let shop = Workshop::new(Vec::new()).await;
    let token = shop.token();
    shop.clone(&token, "empty", "clone", &[]).await.ok();
    shop.git("clone", &["checkout", "--quiet", "-b", "main"]).await.ok();
    shop.commit("clone", "run.sh", "echo\n").await;
    shop.git("clone", &["update-index", "--chmod=+x", "run.sh"]).await.ok();
    let link = shop.git("clone", &["hash-object", "-w", "run.sh"]).await.ok();
    let commit = shop.git("clone", &["rev-parse", "HEAD"]).await.ok();
    for entry in [format!("120000,{link},link"), format!("160000,{commit},module")] {
        shop.git("clone", &["update-index", "--add", "--cacheinfo", &entry]).await.ok();
    }
    shop.git("clone", &["commit", "--quiet", "--message", "Modes"]).await.ok();
    shop.git("clone", &["tag", "--annotate", "--message", "First", "v1"]).await.ok();
    shop.git("clone", &["checkout", "--quiet", "--force", "-b", "topic", "HEAD~1"]).await.ok();
    shop.commit("clone", "topic.txt", "t\n").await;
    shop.git("clone", &["checkout", "--quiet", "--force", "main"]).await.ok();
    shop.git("clone", &["merge", "--quiet", "--no-ff", "--message", "Merged", "topic"]).await.ok();
    let tip = shop.git("clone", &["rev-parse", "HEAD"]).await.ok();
    let tag = shop.git("clone", &["rev-parse", "v1"]).await.ok();
    shop.git("clone", &["push", "--quiet", "origin", "main", "topic", "v1"]).await.ok();

    let empty = "/fabrikam/Fabrikam/_apis/git/repositories/empty";
    let item = shop.bench.get(&format!("{empty}/items?path=/link")).await.expect(200);
    assert_eq!(item["isSymLink"], true);
    let module = shop.bench.get(&format!("{empty}/items?path=/module")).await.expect(200);
    assert_eq!((&module["objectId"], &module["gitObjectType"]), (&json!(commit), &json!("commit")));
    let shown = shop.bench.get(&format!("{empty}/annotatedTags/{tag}")).await.expect(200);
    assert_eq!(shown["taggedBy"]["name"], "Bot");
    assert_eq!(shop.bench.get(empty).await.expect(200)["defaultBranch"], "refs/heads/main");

    let saved = World::from_saved(&shop.bench.simulator.saved()).unwrap();
    let later = Workshop { bench: Bench::of(saved).await, folder: tempfile::tempdir().unwrap() };
    later.clone(&later.token(), "empty", "clone", &["--no-checkout"]).await.ok();
    assert_eq!(later.git("clone", &["rev-parse", "HEAD", "v1"]).await.ok(), format!("{tip}\n{tag}"));
    later.git("clone", &["fsck", "--strict"]).await.ok();
    let modes = later.git("clone", &["ls-tree", "-r", "HEAD"]).await.ok();
    for expected in ["100755 blob", "120000 blob", "160000 commit"] {
        assert!(modes.contains(expected), "{modes}");
    }
}

#[tokio::test]
async fn a_branch_that_git_pushed_is_merged_by_a_pull_request() {
    let shop = Workshop::new(Vec::new()).await;
    shop.clone(&shop.token(), "site", "clone", &[]).await.ok();
    shop.git("clone", &["checkout", "--quiet", "-b", "topic"]).await.ok();
    let source = shop.commit("clone", "b.txt", "b\n").await;
    shop.git("clone", &["push", "--quiet", "origin", "topic"]).await.ok();
    let body =
        json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    shop.bench.send("POST", &format!("{CODE}/pullrequests"), body).await.expect(201);
    let path = format!("{CODE}/pullrequests/1");
    let body = json!({ "status": "completed", "lastMergeSourceCommit": { "commitId": source } });
    shop.bench.send("PATCH", &path, body).await.expect(200);
    shop.bench.get(&path).await.expect(200);
    let merged = shop.bench.get(&path).await.expect(200)["lastMergeCommit"]["commitId"].clone();
    shop.git("clone", &["fetch", "--quiet"]).await.ok();
    assert_eq!(shop.git("clone", &["rev-parse", "origin/main"]).await.ok(), merged.as_str().unwrap());
}
