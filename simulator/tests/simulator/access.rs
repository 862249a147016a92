//! Users as other areas see them: lists of access control, the graph, identities, teams.

use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Bench;

const GIT: &str = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";

#[tokio::test]
async fn a_list_of_access_control_has_what_each_user_is_denied() {
    let ann = User::named("Ann Lee").without(Permission::CreateBranch);
    let organization = Organization::fabrikam().user(User::named("Owner")).user(ann);
    let bench = Bench::of(World::hard().organization(organization)).await;
    let project = bench.get("/fabrikam/_apis/projects/Fabrikam").await.expect(200)["id"].clone();
    let token = format!("repoV2/{}", project.as_str().unwrap());
    let path = format!("/fabrikam/_apis/accesscontrollists/{GIT}");
    let all = bench.get(&path).await.expect(200);
    assert_eq!(all["count"], 2, "one for each project");
    let one = bench.get(&format!("{path}?token={token}&includeExtendedInfo=true")).await.expect(200);
    let entries = one["value"][0]["acesDictionary"].as_object().unwrap();
    let ann =
        entries.values().find(|entry| entry["descriptor"].as_str().unwrap().contains("ann.lee")).unwrap();
    assert_eq!((&ann["deny"], &ann["extendedInfo"]["effectiveDeny"]), (&json!(16), &json!(16)));
    assert_eq!(ann["allow"].as_u64().unwrap() & 16, 0);
    let descriptor = ann["descriptor"].as_str().unwrap().replace('\\', "%5C").replace(';', "%3B");
    let narrowed = bench.get(&format!("{path}?token=REPOV2&recurse=true&descriptors={descriptor}")).await;
    let narrowed = narrowed.expect(200);
    assert_eq!(narrowed["count"], 2);
    assert_eq!(narrowed["value"][0]["acesDictionary"].as_object().unwrap().len(), 1);
    let unknown = bench.get("/fabrikam/_apis/accesscontrollists/00000000-0000-0000-0000-000000000001").await;
    unknown.refused(404, "InvalidSecurityNamespaceException", "The security namespace");
}

#[tokio::test]
async fn a_user_has_one_identifier_and_one_descriptor_in_every_area() {
    let bench = Bench::new().await;
    let me = bench.get("/fabrikam/_apis/connectionData?api-version=7.1-preview.1").await.expect(200);
    let me = &me["authenticatedUser"];
    let id = me["id"].as_str().unwrap();
    let identity = bench.get(&format!("/fabrikam/_apis/identities/{id}")).await.expect(200);
    assert_eq!((&identity["descriptor"], &identity["id"]), (&me["descriptor"], &me["id"]));
    let subject = me["subjectDescriptor"].as_str().unwrap();
    let by_subject = bench.get(&format!("/fabrikam/_apis/identities?subjectDescriptors={subject}")).await;
    assert_eq!(by_subject.expect(200)["value"][0]["id"], id);
    let graph = async |path: &str| {
        bench.get(&format!("/fabrikam/_apis/graph/{path}?api-version=7.1-preview.1")).await
    };
    assert_eq!(graph(&format!("descriptors/{id}")).await.expect(200)["value"], subject);
    assert_eq!(graph(&format!("storagekeys/{subject}")).await.expect(200)["value"], id);
    let user = graph(&format!("users/{subject}")).await.expect(200);
    assert_eq!((&user["originId"], &user["displayName"]), (&me["id"], &me["providerDisplayName"]));
    assert_eq!(graph("users").await.expect(200)["value"][0], user);
    graph("users/aad.nothing").await.refused(404, "GraphSubjectNotFoundException", "The graph subject");
}

#[tokio::test]
async fn a_team_is_created_changed_and_deleted() {
    let bench = Bench::new().await;
    let teams = "/fabrikam/_apis/projects/Fabrikam/teams";
    let made = bench.send("POST", teams, json!({ "name": "Web", "description": "d" })).await.expect(201);
    assert_eq!((&made["projectName"], &made["identity"]["isContainer"]), (&json!("Fabrikam"), &json!(true)));
    let twice = bench.send("POST", teams, json!({ "name": "web" })).await;
    twice.refused(400, "TeamAlreadyExistsException", "The team with the name");
    let renamed = bench.send("PATCH", &format!("{teams}/Web"), json!({ "name": "Site" })).await.expect(200);
    assert_eq!((&renamed["id"], &renamed["description"]), (&made["id"], &json!("d")));
    assert_eq!(bench.get(&format!("{teams}/Site/members")).await.expect(200)["count"], 1);
    let read = bench.get(&format!("{teams}/site?$expandIdentity=true")).await.expect(200);
    assert_eq!(read["identity"]["id"], made["id"]);
    assert_eq!(bench.get(teams).await.expect(200)["count"], 2);
    assert_eq!(bench.send("DELETE", &format!("{teams}/Site"), json!(null)).await.status, 204);
    bench.get(&format!("{teams}/Site")).await.refused(404, "TeamNotFoundException", "The team");
    let default = bench.send("DELETE", &format!("{teams}/Fabrikam%20Team"), json!(null)).await;
    default.refused(400, "InvalidArgumentValueException", "The default team");
}
