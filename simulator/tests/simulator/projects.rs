//! Connection data and projects.

use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Project;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

fn names(list: &Value) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().map(|element| element["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn connection_data_has_the_user_of_the_token() {
    let bench = Bench::new().await;
    let answer =
        bench.get("/fabrikam/_apis/ConnectionData?api-version=7.1-preview.1&connectOptions=none").await;
    let data = answer.expect(200);
    assert_eq!(data["authenticatedUser"], data["authorizedUser"]);
    assert_eq!(data["authenticatedUser"]["providerDisplayName"], "Bot Runner");
    assert!(data["authenticatedUser"]["subjectDescriptor"].as_str().unwrap().starts_with("aad."));
    assert_eq!(data["deploymentType"], "hosted");
    assert_eq!(data["deploymentId"], answer.header("x-vss-senderdeploymentid").unwrap());
    assert_eq!(data["instanceId"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn a_project_is_found_by_name_and_by_identifier() {
    let bench = Bench::new().await;
    let by_name = bench.get("/fabrikam/_apis/projects/fabrikam?includeCapabilities=true").await.expect(200);
    assert_eq!((by_name["name"].as_str(), by_name["state"].as_str()), (Some("Fabrikam"), Some("wellFormed")));
    assert_eq!(by_name["capabilities"]["versioncontrol"]["sourceControlType"], "Git");
    let id = by_name["id"].as_str().unwrap();
    let by_id = bench.get(&format!("/fabrikam/_apis/projects/{id}")).await.expect(200);
    assert_eq!(by_id["id"], by_name["id"]);
    assert_eq!(by_id.get("capabilities"), None);
}

#[tokio::test]
async fn a_missing_project_is_refused() {
    let bench = Bench::new().await;
    let answer = bench.get("/fabrikam/_apis/projects/Nothing").await;
    answer.refused(
        404,
        "ProjectDoesNotExistWithNameException",
        "TF200016: The following project does not exist: Nothing.",
    );
    let id = "00000000-1111-4222-8333-444444444444";
    let answer = bench.get(&format!("/fabrikam/_apis/projects/{id}")).await;
    let message = format!("VS800075: The project with id 'vstfs:///Classification/TeamProject/{id}'");
    answer.refused(404, "ProjectDoesNotExistException", &message);
}

#[tokio::test]
async fn a_project_without_read_permission_is_missing() {
    let blind = User::named("Ann").without(Permission::ReadProject);
    let world = World::hard().organization(Organization::fabrikam().user(blind));
    let bench = Bench::of(world).await;
    bench.get("/fabrikam/_apis/projects/Fabrikam").await.refused(
        404,
        "ProjectDoesNotExistWithNameException",
        "TF200016",
    );
    assert_eq!(bench.get("/fabrikam/_apis/projects").await.expect(200)["count"], 0);
}

#[tokio::test]
async fn projects_are_listed_in_pages() {
    let mut organization = Organization::named("fabrikam");
    for name in ["A", "B", "C"] {
        organization = organization.project(Project::named(name));
    }
    organization = organization.project(Project::named("Gone").state("deleting"));
    let world = World::hard().organization(organization).switches(|switches| switches.page_size = 2);
    let bench = Bench::of(world).await;
    let first = bench.get("/fabrikam/_apis/projects").await;
    assert_eq!((names(&first.json()), first.json()["count"].as_u64()), (vec!["A", "B"], Some(2)));
    let token = first.header("x-ms-continuationtoken").unwrap();
    let second = bench.get(&format!("/fabrikam/_apis/projects?continuationToken={token}")).await;
    assert_eq!(names(&second.json()), ["C"]);
    assert_eq!(second.header("x-ms-continuationtoken"), None);
    assert_eq!(names(&bench.get("/fabrikam/_apis/projects?$top=1&$skip=1").await.json()), ["B"]);
    assert_eq!(
        names(&bench.get("/fabrikam/_apis/projects?stateFilter=all&$top=9").await.json()),
        ["A", "B", "C", "Gone"]
    );
    assert_eq!(bench.get("/fabrikam/_apis/projects/Gone").await.expect(200)["state"], "deleting");
}

#[tokio::test]
async fn projects_are_added_and_deleted_while_it_runs() {
    let bench = Bench::new().await;
    let simulator = &bench.simulator;
    assert_eq!(simulator.organizations(), ["fabrikam"]);
    assert_eq!(simulator.projects("FABRIKAM"), ["Fabrikam", "Archive"]);
    assert!(simulator.add_organization("contoso") && !simulator.add_organization("Contoso"));
    assert!(simulator.add_project("contoso", "Web") && !simulator.add_project("contoso", "WEB"));
    assert!(!simulator.add_project("nobody", "Web"));
    assert_eq!(names(&bench.get("/contoso/Web/_apis/git/repositories").await.expect(200)), ["site"]);

    let id = bench.get("/contoso/_apis/projects/Web").await.expect(200)["id"].clone();
    assert!(
        simulator.rename_project("contoso", "web", "Shop")
            && !simulator.rename_project("contoso", "Web", "X")
    );
    assert_eq!(bench.get("/contoso/_apis/projects/Shop").await.expect(200)["id"], id);
    assert!(simulator.rename_project("contoso", "Shop", "SHOP"), "a name may change its case");
    assert!(
        simulator.add_project("contoso", "Other") && !simulator.rename_project("contoso", "Shop", "other")
    );
    assert!(simulator.delete_project("contoso", "Shop") && !simulator.delete_project("contoso", "Shop"));
    assert_eq!(bench.get("/contoso/_apis/projects/Shop").await.status, 404);
}

#[tokio::test]
async fn a_project_keeps_its_visibility() {
    let bench = Bench::new().await;
    for (name, visibility, shown) in
        [("A", json!("Public"), "public"), ("B", json!(0), "private"), ("C", json!(null), "private")]
    {
        let body = json!({
            "name": name,
            "visibility": visibility,
            "capabilities": {
                "versioncontrol": { "sourceControlType": "Git" },
                "processTemplate": { "templateTypeId": "b8a3a935-7e91-48b8-a94c-606d37c3e9f2" },
            },
        });
        bench.send("POST", "/fabrikam/_apis/projects", body).await.expect(202);
        let made = bench.get(&format!("/fabrikam/_apis/projects/{name}")).await.expect(200);
        assert_eq!(made["visibility"], shown, "{name}");
    }
}
