//! Every request, sent by a user who lacks one of its permissions, and by a user who has exactly these.

use azdo_simulator::Artifact;
use azdo_simulator::ArtifactKind;
use azdo_simulator::BuildResult;
use azdo_simulator::CheckKind;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Permission::*;
use azdo_simulator::Pipeline;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Repository;
use azdo_simulator::RequiredPermissions;
use azdo_simulator::Resource;
use azdo_simulator::ResourceKind;
use azdo_simulator::Script;
use azdo_simulator::Stage;
use azdo_simulator::Starts;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use azdo_simulator::imitated_requests;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::sample_requests::SAMPLE_REQUESTS;
use crate::sample_requests::SampleRequest;

/// Without these permissions the service hides objects; without the others it refuses the request.
const HIDING: &[Permission] = &[
    ReadProject,
    GenericRead,
    ViewBuilds,
    ViewBuildDefinition,
    ViewReleases,
    ViewReleaseDefinition,
    WorkItemRead,
];

fn all() -> Vec<Permission> {
    let mut all: Vec<Permission> = Vec::new();
    for permission in imitated_requests().iter().flat_map(|request| request.permissions.permissions()) {
        if !all.contains(permission) {
            all.push(*permission);
        }
    }
    all
}

#[test]
fn the_sample_requests_and_the_routes_agree() {
    let known: Vec<(String, RequiredPermissions)> =
        imitated_requests().into_iter().map(|request| (request.request, request.permissions)).collect();
    for (route, takes) in &known {
        let rows: Vec<&SampleRequest> = SAMPLE_REQUESTS.iter().filter(|row| row.0 == route).collect();
        assert!(!rows.is_empty(), "{route} has no row");
        let sampled: Vec<Permission> = rows.iter().flat_map(|row| row.3).copied().collect();
        let stated = takes.permissions();
        assert!(sampled.iter().all(|one| stated.contains(one)), "{route}: not stated: {sampled:?}");
        assert!(stated.iter().all(|one| sampled.contains(one)), "{route}: in no row: {stated:?}");
        assert!(!matches!(takes, RequiredPermissions::Nothing("")), "{route}: why?");
    }
    assert!(
        SAMPLE_REQUESTS.iter().all(|row| known.iter().any(|(route, _)| route == row.0)),
        "a row has no route"
    );
}

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

/// A user with only these permissions.
fn exactly(permissions: &[Permission]) -> User {
    let lacking = all().into_iter().filter(|permission| !permissions.contains(permission));
    lacking.fold(User::named("Exact"), User::without)
}

/// The objects that the requests need, as values of placeholders.
pub(crate) struct Things(Vec<(&'static str, String)>);

impl Things {
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
        let exact = bench.simulator.token_named("fabrikam", "Exact").unwrap();
        for token in [bench.simulator.token("fabrikam").unwrap(), exact] {
            let path = format!("{base}/wit/workitems/1/comments?api-version=7.1-preview.4");
            let comment = bench.request_as(&token, "POST", &path).json(&json!({ "text": "c" }));
            // Only a user with the permissions can comment.
            let _ = Answer::of(comment).await;
        }
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
        Things(vec![
            ("[/{project}]", "/Fabrikam".to_owned()),
            ("/{project}/_apis", "/Fabrikam/_apis".to_owned()),
            ("{organization}", "fabrikam".to_owned()),
            ("{project}", "Fabrikam".to_owned()),
            ("{gate}", text(&get("pipelines/approvals").await["value"][0]["id"])),
            ("{site}", text(&get("git/repositories/site").await["id"])),
            ("{fabrikam}", held),
            ("{zero}", "0".repeat(40)),
            ("{objectId}", tag),
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
            ("{type}", "queue".to_owned()),
            ("{areaId}", "79134c72-4a58-4b42-976c-04e7115f32bf".to_owned()),
            ("{namespace}", "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87".to_owned()),
            ("{bits}", "4".to_owned()),
            ("{stage}", "Build".to_owned()),
        ])
    }

    fn filled(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    /// The method and path of a sample request. Placeholders without a value become 1.
    fn target(&self, route: &str, more: &str) -> (String, String) {
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

/// The code at the start of the service's refusal.
fn code(permission: Permission) -> &'static str {
    match permission {
        EditBuildQuality
        | RetainBuilds
        | QueueBuilds
        | StopBuilds
        | EditBuildDefinition
        | CreateBuildDefinition
        | DeleteBuildDefinition => "TF215106: ",
        EditReleaseDefinition
        | DeleteReleaseDefinition
        | CreateReleases
        | ManageReleases
        | ManageDeployments => "VS402904: ",
        WorkItemWrite => "TF237111: ",
        CreateProjects => "TF50309: ",
        AdministerResources => "Access denied. ",
        _ => "TF401027: ",
    }
}

/// Whether a list is not empty. True for everything that is not a list, and for a successful update of a ref.
fn shows_something(answer: &Answer) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else { return true };
    value["count"] != 0
        && value["workItems"].as_array().is_none_or(|found| !found.is_empty())
        && value["artifactUrisQueryResult"]
            .as_object()
            .is_none_or(|found| found.values().any(|ids| ids != &json!([])))
        && value["value"][0]["success"] != false
}

#[tokio::test]
async fn each_request_requires_exactly_the_permissions_of_its_route() {
    for &(route, more, body, takes) in SAMPLE_REQUESTS {
        let lacking = |permission: Permission| format!("{permission:?}");
        let mut people = vec![exactly(takes)];
        people.extend(takes.iter().map(|&permission| User::named(&lacking(permission)).without(permission)));
        let bench = Bench::of(world(people)).await;
        let names = ["Exact".to_owned()].into_iter().chain(takes.iter().map(|&one| lacking(one)));
        for name in names {
            let token = TokenOptions::full().named(&name).for_user(&name);
            bench.simulator.mint_token("fabrikam", token).unwrap();
        }
        let things = Things::made(&bench).await;
        let (method, path) = things.target(route, more);
        let send = async |name: &str| {
            let token = bench.simulator.token_named("fabrikam", name).unwrap();
            let kind = match route.rsplit('/').next().unwrap() {
                "attachments" => "application/octet-stream",
                _ if route.contains("/wit/workitems/") => "application/json-patch+json",
                _ => "application/json",
            };
            let request = bench.request_as(&token, &method, &path).header("Content-Type", kind);
            Answer::of(request.body(things.filled(body))).await
        };
        for &permission in takes {
            let answer = send(&lacking(permission)).await;
            let detail = format!("{route} without {permission:?}: {} {}", answer.status, answer.text());
            let hidden = HIDING.contains(&permission);
            match answer.status {
                404 => assert!(hidden && answer.json()["typeKey"].is_string(), "{detail}"),
                500 => assert!(hidden && route.starts_with("POST") && route.ends_with("/runs"), "{detail}"),
                403 => {
                    let message = answer.json()["message"].as_str().unwrap().to_owned();
                    assert!(!hidden && message.starts_with(code(permission)), "{detail}");
                }
                200 => assert!(!shows_something(&answer) && (hidden || route.ends_with("/refs")), "{detail}"),
                _ => panic!("{detail}"),
            }
        }
        let answer = send("Exact").await;
        let detail = format!("{route} with exactly {takes:?}: {} {}", answer.status, answer.text());
        assert!((200..300).contains(&answer.status) && shows_something(&answer), "{detail}");
    }
}

#[tokio::test]
async fn a_denial_in_one_repository_applies_only_there() {
    for (permission, method, path, body) in [
        (GenericRead, "GET", "refs", ""),
        (GenericRead, "GET", "items?path=/README.md", ""),
        (GenericRead, "GET", "commits", ""),
        (GenericRead, "GET", "pullrequests", ""),
        (
            GenericContribute,
            "POST",
            "refs",
            r#"[{"name":"refs/heads/new","oldObjectId":"{zero}","newObjectId":"{tip}"}]"#,
        ),
        (
            CreateBranch,
            "POST",
            "refs",
            r#"[{"name":"refs/heads/new","oldObjectId":"{zero}","newObjectId":"{tip}"}]"#,
        ),
        (
            PullRequestContribute,
            "POST",
            "pullrequests",
            r#"{"title":"t","sourceRefName":"refs/heads/topic","targetRefName":"refs/heads/main"}"#,
        ),
    ] {
        let bench = Bench::of(world(vec![User::named("Exact").without_in("site", permission)])).await;
        let token = TokenOptions::full().named("Exact").for_user("Exact");
        let token = bench.simulator.mint_token("fabrikam", token).unwrap();
        for (repository, refused) in [("site", true), ("guarded", false)] {
            let base = format!("/fabrikam/Fabrikam/_apis/git/repositories/{repository}");
            let tip = bench.get(&format!("{base}/stats/branches?name=main")).await.expect(200);
            let tip = tip["commit"]["commitId"].as_str().unwrap().to_owned();
            let body = body.replace("{zero}", &"0".repeat(40)).replace("{tip}", &tip);
            let answer =
                Answer::of(bench.request_as(&token, method, &format!("{base}/{path}")).body(body)).await;
            let detail = format!("{permission:?}, {method} {path} of {repository}: {}", answer.text());
            assert_eq!(
                answer.status >= 400 || answer.json()["value"][0]["success"] == false,
                refused,
                "{detail}"
            );
        }
        if permission == GenericRead {
            for list in ["repositories", "pullrequests?searchCriteria.status=all"] {
                let path = format!("/fabrikam/Fabrikam/_apis/git/{list}");
                let shown = Answer::of(bench.request_as(&token, "GET", &path)).await.expect(200).to_string();
                assert!(!shown.contains(r#""name":"site""#), "{list}: {shown}");
            }
        }
    }
}
