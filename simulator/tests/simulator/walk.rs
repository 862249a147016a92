//! Every request, sent by a user who lacks one of its permissions, and by a user who has exactly these.

use azdo_simulator::Permission;
use azdo_simulator::Permission::*;
use azdo_simulator::RequiredPermissions;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::imitated_requests;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::sample_requests::SAMPLE_REQUESTS;
use crate::sample_requests::SampleRequest;
use crate::walk_world::Things;
use crate::walk_world::world;

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

/// A user with only these permissions.
fn exactly(permissions: &[Permission]) -> User {
    let lacking = all().into_iter().filter(|permission| !permissions.contains(permission));
    lacking.fold(User::named("Exact"), User::without)
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
        CreateProjects | EditProject | DeleteProject => "TF50309: ",
        AdministerResources => "Access denied. ",
        _ => "TF401027: ",
    }
}

/// Whether a list is not empty. True for everything that is not a list, and for a successful update of a ref. A part of a
/// batch that was refused shows nothing.
fn shows_something(answer: &Answer) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else { return true };
    value["count"] != 0
        && value["workItems"].as_array().is_none_or(|found| !found.is_empty())
        && value["artifactUrisQueryResult"]
            .as_object()
            .is_none_or(|found| found.values().any(|ids| ids != &json!([])))
        && value["value"][0]["success"] != false
        && value["value"][0]["code"].as_u64().is_none_or(|code| code < 400)
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
                500 => {
                    let starts = route.ends_with("/runs") || route.ends_with("/preview");
                    assert!(hidden && route.starts_with("POST") && starts, "{detail}");
                }
                403 => {
                    let message = answer.json()["message"].as_str().unwrap().to_owned();
                    assert!(!hidden && message.starts_with(code(permission)), "{detail}");
                }
                200 => assert!(
                    !shows_something(&answer)
                        && (hidden || route.ends_with("/refs") || route.ends_with("/$batch")),
                    "{detail}"
                ),
                _ => panic!("{detail}"),
            }
        }
        let answer = send("Exact").await;
        let detail = format!("{route} with exactly {takes:?}: {} {}", answer.status, answer.text());
        assert!((200..300).contains(&answer.status) && shows_something(&answer), "{detail}");
    }
}
