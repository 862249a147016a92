//! Environments, their checks, and what runs wait for.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::CheckKind;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::Resource;
use azdo_simulator::ResourceKind;
use azdo_simulator::Stage;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

fn entries<'o>(outputs: &'o Dictionary, name: &str) -> Vec<&'o Dictionary> {
    let Some(Value::List(all)) = outputs.get(name) else { panic!("there is no list {name}: {outputs:?}") };
    all.iter().map(|one| one.as_dictionary().expect("a dictionary")).collect()
}

async fn guarded() -> House {
    let production = Resource::named(ResourceKind::Environment, "production")
        .check(CheckKind::Approval, &["Bot Runner"])
        .check(CheckKind::BusinessHours, &[]);
    let stage = Stage::named("Deploy").approver("Bot Runner");
    let pipeline = Pipeline::named("guarded").on("site", "/azure-pipelines.yml").stage(stage);
    let project = Project::with_site("Fabrikam")
        .pipeline(pipeline)
        .resource(production)
        .resource(Resource::named(ResourceKind::Environment, "test"));
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    house.connect_root().await;
    house
}

#[tokio::test]
async fn environments_and_their_checks_are_listed() {
    let house = guarded().await;
    let listed = house.ok("listEnvironments", json!({ "includeRaw": true })).await;
    let names: Vec<_> =
        entries(&listed, "environments").iter().map(|one| text(one, "name").to_owned()).collect();
    assert_eq!(names, ["production", "test"]);
    for environment in ["Production", "1"] {
        let listed = house.ok("listEnvironmentChecks", json!({ "environment": environment })).await;
        let checks = entries(&listed, "checks");
        assert_eq!((text(checks[0], "type"), integer(checks[0], "timeoutMinutes")), ("Approval", 43_200));
        assert_eq!(checks[0]["approvers"], Value::List(vec![Value::from("Bot Runner")]));
        assert_eq!((checks.len(), text(checks[1], "name")), (2, "Business hours"));
    }
    let none = house.ok("listEnvironmentChecks", json!({ "environment": "test" })).await;
    assert_eq!((entries(&none, "checks").len(), &none["more"]), (0, &Value::Boolean(false)));
    let error = house.error("listEnvironmentChecks", json!({ "environment": "prodcution" })).await;
    assert_eq!(
        (error.code(), error.context_value("near")),
        (ErrorCode::ResourceNotFound, Some("\"production\""))
    );
}

#[tokio::test]
async fn what_a_run_waits_for_is_listed_until_it_waits_no_more() {
    let house = guarded().await;
    house.ok("runPipeline", json!({ "pipeline": "guarded" })).await;
    for _ in 0..3 {
        house.ok("getPipelineRun", json!({ "id": 1 })).await;
    }
    let listed = house.ok("listPipelineRunWaits", json!({ "id": 1 })).await;
    let waits = entries(&listed, "waits");
    assert_eq!((waits.len(), text(waits[0], "kind"), text(waits[0], "stage")), (1, "approval", "Deploy"));
    assert_eq!(text(waits[0], "description"), "an approval before the stage \"Deploy\"");
    let approval = json!({ "approval": text(waits[0], "approval"), "decision": "REJECT" });
    house.ok("decidePipelineApproval", approval).await;
    for _ in 0..3 {
        house.ok("getPipelineRun", json!({ "id": 1 })).await;
    }
    let listed = house.ok("listPipelineRunWaits", json!({ "id": 1 })).await;
    assert_eq!(entries(&listed, "waits").len(), 0);
    let error = house.error("listPipelineRunWaits", json!({ "id": 77 })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
}
