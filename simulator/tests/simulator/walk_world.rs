//! The world of the walk through every request, and the objects that the requests need.

use azdo_simulator::Artifact;
use azdo_simulator::ArtifactKind;
use azdo_simulator::BuildResult;
use azdo_simulator::CheckKind;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Repository;
use azdo_simulator::Resource;
use azdo_simulator::ResourceKind;
use azdo_simulator::Script;
use azdo_simulator::Stage;
use azdo_simulator::Starts;
use azdo_simulator::TestRun;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

/// A world with an object for every request, and these users in addition to the owner.
pub(crate) fn world(people: Vec<User>) -> World {
    let at_once = |result| Script { not_started: 0, in_progress: 0, result };
    let yaml = |name: &str| Pipeline::named(name).on("site", "/azure-pipelines.yml");
    let site = Repository::named("site")
        .file("/README.md", "# site\n")
        .file("/azure-pipelines.yml", "steps: []\n")
        .file_on("topic", "/NEWS.md", "new\n");
    let guarded = Repository::named("guarded")
        .file("/README.md", "# guarded\n")
        .file_on("topic", "/NEWS.md", "new\n")
        .policy(PolicyKind::Comments.on_main());
    let done = yaml("done")
        .script(at_once(BuildResult::Succeeded))
        .artifact(Artifact::named("drop").file("a", "b"))
        .test_run(TestRun::named("Unit tests").result("adds", "Passed"))
        .artifact(Artifact::named("box").kept(ArtifactKind::Container).file("a", "b"));
    let slow = yaml("slow").script(Script { not_started: 1000, ..at_once(BuildResult::Succeeded) });
    let failed = yaml("failed")
        .script(at_once(BuildResult::Failed))
        .stage(Stage::named("Build").steps(0).ending(BuildResult::Failed));
    let gated =
        yaml("gated").script(at_once(BuildResult::Succeeded)).stage(Stage::named("Deploy").approver("Exact"));
    let deploy = ReleasePipeline::named("deploy", "done")
        .stage(ReleaseStage::named("Test").approver("Exact"))
        .stage(ReleaseStage::named("Production").starts(Starts::ByHand));
    let project = [done, slow, failed, gated]
        .into_iter()
        .fold(Project::named("Fabrikam").repository(site).repository(guarded), Project::pipeline);
    let kinds = [
        ResourceKind::ServiceConnection,
        ResourceKind::AgentQueue,
        ResourceKind::VariableGroup,
        ResourceKind::SecureFile,
        ResourceKind::Environment,
    ];
    let resource = |kind| Resource::named(kind, "one").check(CheckKind::Approval, &["Owner"]);
    let project = kinds.into_iter().map(resource).fold(project, Project::resource);
    let project = ["gone", "empty", "imported"]
        .into_iter()
        .fold(project, |project, name| project.repository(Repository::named(name)))
        .release_pipeline(deploy);
    let organization = Organization::named("fabrikam").project(project).user(User::named("Owner"));
    let organization = people.into_iter().fold(organization, Organization::user);
    World::hard().organization(organization)
}
/// The objects that the requests need, as values of placeholders.
pub(crate) struct Things(Vec<(&'static str, String)>);

impl Things {
    /// Creates the world with its objects, and the token of a user who did not create them.
    pub(crate) async fn for_another_user() -> (Bench, Things, String) {
        let bench = Bench::of(world(vec![User::named("Exact")])).await;
        let token = TokenOptions::full().named("Exact").for_user("Exact");
        bench.simulator.mint_token("fabrikam", token).unwrap();
        let things = Things::made(&bench).await;
        let exact = bench.simulator.token_named("fabrikam", "Exact").unwrap();
        (bench, things, exact)
    }

    /// Creates a run of each pipeline, a pull request in each repository, and one of every other object.
    pub(crate) async fn made(bench: &Bench) -> Things {
        let base = "/fabrikam/Fabrikam/_apis";
        let get = async |path: &str| bench.get(&format!("{base}/{path}")).await.expect(200);
        let post = async |path: &str, body: Value| {
            let answer = bench.send("POST", &format!("{base}/{path}"), body).await;
            assert!(answer.status < 300, "{path}: {}", answer.text());
            answer.json()
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let gone = json!({ "name": "gone", "repository": { "name": "site" }, "process": { "type": 2, "yamlFilename": "/a.yml" } });
        assert_eq!(post("build/definitions", gone).await["id"], 5);
        bench.send("DELETE", &format!("{base}/build/definitions/5"), json!(null)).await;
        for pipeline in 1..=4 {
            post(&format!("pipelines/{pipeline}/runs"), json!({})).await;
        }
        for repository in ["site", "guarded"] {
            let body = json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
            let path = format!("git/repositories/{repository}/pullrequests");
            let id = post(&path, body).await["pullRequestId"].clone();
            post(&format!("{path}/{id}/threads"), json!({ "comments": [{ "content": "Why?" }] })).await;
        }
        let who = "/fabrikam/_apis/connectionData?api-version=7.1-preview.1";
        let owner = bench.get(who).await.expect(200)["authenticatedUser"]["id"].clone();
        let vote = format!("{base}/git/repositories/site/pullrequests/1/reviewers/{}", text(&owner));
        bench.send("PUT", &vote, json!({ "vote": 0 })).await.expect(200);
        post("build/builds/1/tags", json!(["1", "first"])).await;
        let lease = json!([{ "daysValid": 7, "definitionId": 1, "ownerId": "me", "protectPipeline": false, "runId": 1 }]);
        post("build/retention/leases", lease).await;
        post("release/releases", json!({ "definitionId": 1 })).await;
        let import = json!({ "parameters": { "gitSource": { "url": "https://example.com/a.git" } } });
        post("git/repositories/imported/importRequests", import).await;
        let topic =
            get("git/repositories/site/stats/branches?name=topic").await["commit"]["commitId"].clone();
        let push = json!({
            "refUpdates": [{ "name": "refs/heads/topic", "oldObjectId": topic }],
            "commits": [{ "comment": "c", "changes": [{ "changeType": "add", "item": { "path": "/more" }, "newContent": { "content": "" } }] }],
        });
        post("git/repositories/site/pushes", push).await;
        let gone = text(&get("git/repositories/gone").await["id"]);
        bench.send("DELETE", &format!("{base}/git/repositories/{gone}"), json!(null)).await;
        let work = bench
            .request("POST", &format!("{base}/wit/workitems/$Bug"))
            .header("Content-Type", "application/json-patch+json")
            .body(r#"[{"op":"add","path":"/fields/System.Title","value":"t"}]"#);
        Answer::of(work).await.expect(200);
        let site = get("git/repositories/site").await;
        let (held, id) = (text(&site["project"]["id"]), text(&site["id"]));
        let link = |uri: String, name: &str| {
            json!({ "op": "add", "path": "/relations/-",
                    "value": { "rel": "ArtifactLink", "url": uri, "attributes": { "name": name } } })
        };
        let linked = json!([
            link("vstfs:///Build/Build/1".to_owned(), "Build"),
            link(format!("vstfs:///Git/PullRequestId/{held}%2F{id}%2F1"), "Pull Request"),
        ]);
        let links = bench
            .request("PATCH", &format!("{base}/wit/workitems/1"))
            .header("Content-Type", "application/json-patch+json")
            .body(linked.to_string());
        Answer::of(links).await.expect(200);
        let deleted = bench
            .request("POST", &format!("{base}/wit/workitems/$Bug"))
            .header("Content-Type", "application/json-patch+json")
            .body(r#"[{"op":"add","path":"/fields/System.Title","value":"deleted"}]"#);
        assert_eq!(Answer::of(deleted).await.expect(200)["id"], 2);
        bench.send("DELETE", &format!("{base}/wit/workitems/2"), json!(null)).await.expect(200);
        let query = json!({ "name": "All", "wiql": "SELECT [System.Id] FROM WorkItems" });
        let saved = text(&post("wit/queries/Shared%20Queries", query).await["id"]);
        let folder = format!("{base}/build/folders/made?api-version=7.1-preview.2");
        bench.send("PUT", &folder, json!({ "path": "made" })).await.expect(200);
        let authorized = format!("{base}/build/authorizedresources?api-version=7.1-preview.1");
        let queue = json!([{ "type": "queue", "id": "5", "authorized": true }]);
        bench.send("PATCH", &authorized, queue).await.expect(200);
        let second = json!({ "name": "Second" });
        bench.send("POST", "/fabrikam/_apis/projects/Fabrikam/teams", second).await.expect(201);
        let users = bench.get("/fabrikam/_apis/graph/users?api-version=7.1-preview.1").await.expect(200);
        let descriptor = text(&users["value"][0]["descriptor"]);
        let exact = bench.simulator.token_named("fabrikam", "Exact").unwrap();
        for token in [bench.simulator.token("fabrikam").unwrap(), exact] {
            let path = format!("{base}/wit/workitems/1/comments?api-version=7.1-preview.4");
            let comment = bench.request_as(&token, "POST", &path).json(&json!({ "text": "c" }));
            // Only a user with the permissions can comment.
            let _ = Answer::of(comment).await;
        }
        let status = json!({ "state": "succeeded", "context": { "name": "links" } });
        post("git/repositories/site/pullrequests/1/statuses", status).await;
        post("git/repositories/site/pullrequests/1/labels", json!({ "name": "urgent" })).await;
        let exact = bench.simulator.token_named("fabrikam", "Exact").unwrap();
        let path = format!("{base}/git/repositories/site/pullrequests/1/threads/1/comments");
        let reply = bench.request_as(&exact, "POST", &path).json(&json!({ "content": "Because." }));
        // Only a user with the permissions can reply.
        let _ = Answer::of(reply).await;
        let file = bench
            .request("POST", &format!("{base}/wit/attachments"))
            .header("Content-Type", "application/octet-stream")
            .body("x");
        let attachment = text(&Answer::of(file).await.expect(201)["id"]);
        let project = json!({ "name": "Made", "capabilities": { "versioncontrol": { "sourceControlType": "Git" }, "processTemplate": { "templateTypeId": "b8a3a935-7e91-48b8-a94c-606d37c3e9f2" } } });
        let operation =
            bench.send("POST", "/fabrikam/_apis/projects", project).await.expect(202)["id"].clone();
        let tip = async |branch: &str| {
            let path = format!("git/repositories/site/stats/branches?name={branch}");
            text(&get(&path).await["commit"]["commitId"])
        };
        let exact = bench.simulator.token_named("fabrikam", "Exact").unwrap();
        let me = Answer::of(bench.request_as(&exact, "GET", who)).await.expect(200);
        let main = tip("main").await;
        let tag = json!({ "name": "old", "message": "m", "taggedObject": { "objectId": main } });
        let tag = bench.send("POST", &format!("{base}/git/repositories/site/annotatedTags"), tag).await;
        let tag = text(&tag.expect(201)["objectId"]);
        let status = json!({ "state": "succeeded", "context": { "name": "links" } });
        bench
            .send("POST", &format!("{base}/git/repositories/site/commits/{main}/statuses"), status)
            .await
            .expect(201);
        let tree = text(&get(&format!("git/repositories/site/commits/{main}")).await["treeId"]);
        Things(vec![
            ("[/{project}[/{team}]]", "/Fabrikam".to_owned()),
            ("[/{project}]", "/Fabrikam".to_owned()),
            ("/{project}/_apis", "/Fabrikam/_apis".to_owned()),
            ("{organization}", "fabrikam".to_owned()),
            ("{project}", "Fabrikam".to_owned()),
            ("{gate}", text(&get("pipelines/approvals").await["value"][0]["id"])),
            ("{site}", text(&get("git/repositories/site").await["id"])),
            ("{fabrikam}", held),
            ("{zero}", "0".repeat(40)),
            ("{gone}", gone),
            ("{saved}", saved),
            ("{descriptor}", descriptor),
            ("{objectId}", tag),
            ("{tree}", tree),
            ("{connection}", text(&get("serviceendpoint/endpoints").await["value"][0]["id"])),
            (
                "{readme}",
                text(&get("git/repositories/site/items?path=/README.md&$format=json").await["objectId"]),
            ),
            ("{topic}", tip("topic").await),
            ("{commit}", main.clone()),
            ("{main}", main),
            ("{attachment}", attachment),
            ("{operation}", text(&operation)),
            ("{reviewer}", text(&me["authenticatedUser"]["id"])),
            ("{owner}", text(&owner)),
            ("{type}", "queue".to_owned()),
            ("{areaId}", "79134c72-4a58-4b42-976c-04e7115f32bf".to_owned()),
            ("{namespace}", "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87".to_owned()),
            ("{bits}", "4".to_owned()),
            ("{stage}", "Build".to_owned()),
        ])
    }

    pub(crate) fn filled(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    /// The method and path of a sample request. Placeholders without a value become 1.
    pub(crate) fn target(&self, route: &str, more: &str) -> (String, String) {
        let (method, template) = route.split_once(' ').unwrap();
        let (mut path, mut query) = (template.to_owned(), String::new());
        for part in more.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((place, with)) if place.starts_with('{') => path = path.replace(place, with),
                _ => query = format!("{query}&{part}"),
            }
        }
        // A repository is changed as a whole by its identifier.
        let whole = path.ends_with("{repository}") && method != "GET";
        path = self.filled(&path.replace("{repository}", if whole { "{site}" } else { "site" }));
        while let Some((before, rest)) = path.split_once('{') {
            path = format!("{before}1{}", rest.split_once('}').unwrap().1);
        }
        (method.to_owned(), format!("{path}?api-version=7.1-preview.1{}", self.filled(&query)))
    }
}
