//! Release pipelines and releases.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::BuildResult;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Starts;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// The release pipeline `deploy`: Test starts with the release, Staging after Test, Production manually; Production fails
fn releasing() -> World {
    let deploy = ReleasePipeline::named("deploy", "site")
        .stage(ReleaseStage::named("Test"))
        .stage(ReleaseStage::named("Staging").starts(Starts::After("Test".to_owned())))
        .stage(ReleaseStage::named("Production").starts(Starts::ByHand).ending(BuildResult::Failed));
    let project = Project::with_site("Fabrikam").release_pipeline(deploy);
    world().organization(Organization::named("fabrikam").project(project))
}

/// Returns a fixture whose pipeline run 1 succeeded
async fn house() -> House {
    let house = House::with(releasing()).await;
    house.connect_root().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    house
}

fn list<'a>(outputs: &'a Dictionary, name: &str) -> Vec<&'a Dictionary> {
    let Some(Value::List(all)) = outputs.get(name) else { panic!("no list {name}") };
    let one = |one: &'a Value| match one {
        Value::Dictionary(one) => one,
        _ => panic!("not a dictionary"),
    };
    all.iter().map(one).collect()
}

fn stages(release: &Dictionary) -> Vec<(&str, &str)> {
    list(release, "stages").into_iter().map(|stage| (text(stage, "name"), text(stage, "status"))).collect()
}

#[tokio::test]
async fn a_release_goes_through_its_stages() {
    let house = house().await;
    let made = house.ok("createRelease", json!({ "releasePipeline": "deploy", "description": "day" })).await;
    assert_eq!(
        [text(&made, "name"), text(&made, "releasePipeline"), text(&made, "description")],
        ["Release-1", "deploy", "day"]
    );
    assert_eq!(text(list(&made, "artifacts")[0], "versionId"), "1", "the latest successful run");
    assert_eq!(stages(&made), [("Test", "queued"), ("Staging", "notStarted"), ("Production", "notStarted")]);

    let reports = Reports::default();
    let wait = json!({ "id": 1, "stage": "staging" });
    let done =
        house.watch(&house.root, "waitForReleaseStage", wait, &reports).await.expect("it ends").outputs;
    assert_eq!(text(&done, "status"), "succeeded");
    assert!(reports.lines().iter().any(|line| line.contains("notStarted")), "{:?}", reports.lines());

    let deployed = house.ok("deployReleaseStage", json!({ "id": 1, "stage": "Production" })).await;
    assert_eq!(text(&deployed, "status"), "queued");
    let again = house.error("deployReleaseStage", json!({ "id": 1, "stage": "Production" })).await;
    assert_eq!(again.code(), ErrorCode::ServiceRejected);
    let done = house.ok("waitForReleaseStage", json!({ "id": 1, "stage": "Production" })).await;
    assert_eq!(text(&done, "status"), "rejected");
    let release = house.ok("getRelease", json!({ "id": 1, "includeRaw": true })).await;
    assert!(text(&release, "webUrl").contains("releaseId=1") && release.get("raw").is_some());
}

#[tokio::test]
async fn a_release_has_the_given_version_and_values() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    let inputs = json!({
        "releasePipeline": "1", "run": 2, "variables": { "colour": "red" }, "byHand": ["Test"]
    });
    let made = house.ok("createRelease", inputs).await;
    assert_eq!(text(list(&made, "artifacts")[0], "versionId"), "2");
    assert_eq!(stages(&made)[0], ("Test", "notStarted"));
    let Some(Value::Dictionary(variables)) = made.get("variables") else { panic!("variables") };
    assert_eq!(text(variables, "colour"), "red");
    let versions = json!({ "releasePipeline": "deploy", "artifactVersions": { "SITE": 1 } });
    let made = house.ok("createRelease", versions).await;
    assert_eq!(text(list(&made, "artifacts")[0], "versionId"), "1");
    let unknown = json!({ "releasePipeline": "deploy", "artifactVersions": { "sitte": 1 } });
    let error = house.error("createRelease", unknown).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    let nobodys = json!({ "releasePipeline": "deploy", "run": 99 });
    assert_eq!(house.error("createRelease", nobodys).await.code(), ErrorCode::ServiceRejected);

    let releases = house.ok("listReleases", json!({ "releasePipeline": "deploy", "limit": 1 })).await;
    assert_eq!(integer(list(&releases, "releases")[0], "id"), 2, "the newest");
    assert_eq!(releases.get("more"), Some(&Value::Boolean(true)));
    let named = house.ok("listReleases", json!({ "name": "release-1" })).await;
    assert_eq!(list(&named, "releases").len(), 1);
}

#[tokio::test]
async fn an_abandoned_release_cannot_be_deployed() {
    let house = house().await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy" })).await;
    house.ok("waitForReleaseStage", json!({ "id": 1, "stage": "Staging" })).await;
    let found = async |status: &str| {
        let found = house.ok("listReleases", json!({ "status": status })).await;
        list(&found, "releases").len()
    };
    assert_eq!((found("ACTIVE").await, found("ABANDONED").await, found("ALL").await), (1, 0, 1));
    let abandon = json!({ "id": 1, "comment": "replaced" });
    assert_eq!(text(&house.ok("abandonRelease", abandon.clone()).await, "status"), "abandoned");
    assert_eq!((found("ACTIVE").await, found("ABANDONED").await, found("ALL").await), (0, 1, 1));
    let error = house.error("deployReleaseStage", json!({ "id": 1, "stage": "Production" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    house.ok("abandonRelease", abandon).await;
    assert_eq!(house.error("abandonRelease", json!({ "id": 9 })).await.code(), ErrorCode::ResourceNotFound);
}

#[tokio::test]
async fn a_release_pipeline_is_created_changed_and_deleted() {
    let house = house().await;
    let inputs = json!({
        "name": "three", "pipeline": "site", "stages": ["A", "B", "C"], "byHand": ["c"], "folder": "team",
        "variables": { "colour": "red", "size": 3 },
    });
    let made = house.ok("createReleasePipeline", inputs.clone()).await;
    assert_eq!((text(&made, "folder"), integer(&made, "revision")), ("\\team", 1));
    assert_eq!(text(list(&made, "artifacts")[0], "source"), "site");
    assert_eq!(house.error("createReleasePipeline", inputs).await.code(), ErrorCode::ResourceConflict);
    house.ok("createRelease", json!({ "releasePipeline": "three" })).await;
    house.ok("waitForReleaseStage", json!({ "id": 1, "stage": "B" })).await;
    let release = house.ok("getRelease", json!({ "id": 1 })).await;
    assert_eq!(stages(&release), [("A", "succeeded"), ("B", "succeeded"), ("C", "notStarted")]);

    let edited = house
        .ok(
            "editReleasePipeline",
            json!({
                "releasePipeline": "three", "newName": "3", "folder": "\\",
                "variables": { "Colour": "blue" }, "removeVariables": ["size"],
            }),
        )
        .await;
    let Some(Value::Dictionary(variables)) = edited.get("variables") else { panic!("variables") };
    assert_eq!((variables.len(), text(variables, "colour"), text(&edited, "folder")), (1, "blue", "\\"));
    let read = house.ok("getReleasePipeline", json!({ "releasePipeline": "2", "includeRaw": true })).await;
    let Some(Value::List(names)) = read.get("stages") else { panic!("stages") };
    assert_eq!((text(&read, "name"), names.len()), ("3", 3), "stages stay");
    assert_eq!(
        house.error("editReleasePipeline", json!({ "releasePipeline": "2" })).await.code(),
        ErrorCode::InputInvalid
    );
    let inexact = house.error("deleteReleasePipeline", json!({ "releasePipeline": "Deploy" })).await;
    assert_eq!(inexact.code(), ErrorCode::InputInvalid);
    house.ok("deleteReleasePipeline", json!({ "releasePipeline": "2" })).await;
    let left = house.ok("listReleasePipelines", json!({ "name": "dep" })).await;
    assert_eq!(list(&left, "releasePipelines").len(), 1);
    for bad in [
        json!({ "stages": [] }),
        json!({ "stages": ["A", "a"] }),
        json!({ "stages": ["A"], "byHand": ["B"] }),
    ] {
        let mut inputs = json!({ "name": "x", "pipeline": "site" });
        for (name, value) in bad.as_object().expect("inputs") {
            inputs[name] = value.clone();
        }
        assert_eq!(house.error("createReleasePipeline", inputs).await.code(), ErrorCode::InputInvalid);
    }
}

#[tokio::test]
async fn the_error_for_a_missing_resource_has_similar_names() {
    let house = house().await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy" })).await;
    for (action, inputs, near) in [
        ("getReleasePipeline", json!({ "releasePipeline": "deplyo" }), "\"deploy\""),
        ("editReleasePipeline", json!({ "releasePipeline": "deplyo", "newName": "x" }), "\"deploy\""),
        ("deleteReleasePipeline", json!({ "releasePipeline": "deplyo" }), "\"deploy\""),
        ("createRelease", json!({ "releasePipeline": "deplyo" }), "\"deploy\""),
        ("listReleases", json!({ "releasePipeline": "deplyo" }), "\"deploy\""),
        ("createReleasePipeline", json!({ "name": "x", "pipeline": "sitte", "stages": ["A"] }), "\"site\""),
        ("deployReleaseStage", json!({ "id": 1, "stage": "Stagign" }), "\"Staging\""),
        ("waitForReleaseStage", json!({ "id": 1, "stage": "Stagign" }), "\"Staging\""),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(error.context_value("near").is_some_and(|names| names.contains(near)), "{action}: {error:?}");
    }
    for (action, inputs) in [
        ("getRelease", json!({ "id": 99 })),
        ("getReleasePipeline", json!({ "releasePipeline": "99" })),
        ("createRelease", json!({ "releasePipeline": "99" })),
    ] {
        assert_eq!(house.error(action, inputs).await.code(), ErrorCode::ResourceNotFound, "{action}");
    }
}

#[tokio::test]
async fn a_change_with_a_lost_response_is_found_and_sent_once() {
    let house = house().await;
    let new = json!({ "name": "new", "pipeline": "site", "stages": ["A"] });
    for (method, action, inputs) in [
        ("POST", "createReleasePipeline", new),
        ("PUT", "editReleasePipeline", json!({ "releasePipeline": "new", "newName": "newer" })),
        ("POST", "createRelease", json!({ "releasePipeline": "deploy", "run": 1, "description": "d" })),
        ("PATCH", "deployReleaseStage", json!({ "id": 1, "stage": "Production" })),
        ("PATCH", "abandonRelease", json!({ "id": 1 })),
        ("DELETE", "deleteReleasePipeline", json!({ "releasePipeline": "newer" })),
    ] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on(&format!("{method} *")).lose_answer());
        house.ok(action, inputs).await;
        let writes = house.journal().iter().filter(|entry| entry.method != "GET").count();
        assert_eq!(writes, 1, "{action}");
    }
    house.ok("createRelease", json!({ "releasePipeline": "deploy" })).await;
    for (method, action, inputs) in [
        ("POST", "createReleasePipeline", json!({ "name": "never", "pipeline": "site", "stages": ["A"] })),
        ("PUT", "editReleasePipeline", json!({ "releasePipeline": "deploy", "newName": "never" })),
        ("POST", "createRelease", json!({ "releasePipeline": "deploy", "description": "never" })),
        ("PATCH", "deployReleaseStage", json!({ "id": 2, "stage": "Production" })),
        ("PATCH", "abandonRelease", json!({ "id": 2 })),
        ("DELETE", "deleteReleasePipeline", json!({ "releasePipeline": "deploy" })),
    ] {
        house.simulator.fault(Fault::on(&format!("{method} *")).refuse());
        assert_eq!(house.error(action, inputs).await.code(), ErrorCode::ServiceOutcomeUnknown, "{action}");
    }
}

#[tokio::test]
async fn the_second_of_two_concurrent_changes_is_a_conflict() {
    let house = house().await;
    house.simulator.fault(Fault::on("GET */release/definitions/1").together(2));
    let edit = |name: &str| {
        let inputs = json!({ "releasePipeline": "1", "newName": name });
        house.execute(&house.root, "editReleasePipeline", inputs)
    };
    let (one, two) = tokio::join!(edit("one"), edit("two"));
    let errors: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].error.code(), ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn the_error_for_a_denied_change_names_the_permission() {
    let denied = [
        Permission::EditReleaseDefinition,
        Permission::DeleteReleaseDefinition,
        Permission::CreateReleases,
        Permission::ManageDeployments,
        Permission::ManageReleases,
    ];
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let organization = Organization::named("fabrikam")
        .project(Project::with_site("Fabrikam").release_pipeline(deploy))
        .user(User::named("Bot Runner"))
        .user(denied.into_iter().fold(User::named("Reader"), User::without))
        .token(TokenOptions::full().named("reader").for_user("Reader"));
    let house = House::with(world().organization(organization)).await;
    house.connect_root().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy", "run": 1 })).await;
    house.ok("disconnect", json!({})).await;
    let token = house.simulator.token_named("fabrikam", "reader").expect("it was made");
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&house.root, None, inputs).await.expect("it connects");
    for (action, inputs, permission) in [
        ("abandonRelease", json!({ "id": 1 }), "Manage releases"),
        (
            "editReleasePipeline",
            json!({ "releasePipeline": "deploy", "newName": "x" }),
            "Edit release pipeline",
        ),
        (
            "createReleasePipeline",
            json!({ "name": "x", "pipeline": "site", "stages": ["A"] }),
            "Edit release pipeline",
        ),
        ("deleteReleasePipeline", json!({ "releasePipeline": "deploy" }), "Delete release pipeline"),
        ("createRelease", json!({ "releasePipeline": "deploy", "run": 1 }), "Create releases"),
        ("deployReleaseStage", json!({ "id": 1, "stage": "Test" }), "Manage deployments"),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{action}: {error:?}");
        assert!(format!("{error:?}").contains(permission), "{action}: {error:?}");
    }
}
