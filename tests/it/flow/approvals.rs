//! Approvals of pipeline runs and releases, and the resources that a pipeline may use.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Resource;
use azdo_simulator::ResourceKind;
use azdo_simulator::Stage;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::code;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// The pipeline `guarded`, whose stage Deploy needs an approval, and the release pipeline `deploy`, whose stage needs
/// one too
async fn house() -> House {
    let guarded = Pipeline::named("guarded")
        .on("site", "/azure-pipelines.yml")
        .stage(Stage::named("Build"))
        .stage(Stage::named("Deploy").approver("Bot Runner"));
    let deploy =
        ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test").approver("Bot Runner"));
    let organization = Organization::named("fabrikam")
        .project(Project::with_site("Fabrikam").pipeline(guarded).release_pipeline(deploy))
        .user(User::named("Bot Runner"))
        .user(User::named("Other"))
        .token(TokenOptions::full().named("other").for_user("Other"));
    let house = House::with(world().organization(organization)).await;
    house.connect_root().await;
    house
}

/// Starts a run of `guarded`, which waits at Deploy
async fn waiting(house: &House) -> i64 {
    let run = integer(&house.ok("runPipeline", json!({ "pipeline": "guarded" })).await, "id");
    house.ok("waitForPipelineRun", json!({ "id": run, "stage": "Build" })).await;
    run
}

fn approvals(outputs: &Dictionary) -> Vec<&Dictionary> {
    let Some(Value::List(all)) = outputs.get("approvals") else { panic!("no approvals") };
    let mut found = Vec::new();
    for one in all {
        let Value::Dictionary(one) = one else { panic!("no approval") };
        found.push(one);
    }
    found
}

fn writes(house: &House) -> usize {
    house.journal().iter().filter(|entry| entry.method == "PATCH").count()
}

#[tokio::test]
async fn a_run_waits_until_it_is_approved() {
    let house = house().await;
    let run = waiting(&house).await;
    let other = integer(&house.ok("runPipeline", json!({ "pipeline": "guarded" })).await, "id");
    let pending = house.ok("listPipelineApprovals", json!({ "includeRaw": true })).await;
    let [approval] = approvals(&pending)[..] else {
        panic!("only the first run waits for an approval: {pending:?}")
    };
    assert_eq!((integer(approval, "runId"), text(approval, "pipeline")), (run, "guarded"));
    let Some(Value::List(approvers)) = approval.get("approvers") else { panic!("there are no approvers") };
    assert_eq!((approvers.len(), approvers[0].as_text()), (1, Some("Bot Runner")));
    assert!(approvals(&house.ok("listPipelineApprovals", json!({ "run": other })).await).is_empty());
    let error = house.error("waitForPipelineRun", json!({ "id": run, "timeLimit": 1 })).await;
    assert_eq!(error.code(), ErrorCode::DeadlineExceeded, "the run waits for its approval");

    let wait = json!({ "id": run, "timeLimit": 60 });
    let reports = Reports::default();
    let waits = house.watch(&house.root, "waitForPipelineRun", wait, &reports);
    let approve = json!({ "run": run, "decision": "APPROVE", "comment": "green" });
    let (done, decided) = tokio::join!(waits, house.ok("decidePipelineApproval", approve.clone()));
    assert_eq!(text(&decided, "status"), "approved");
    assert_eq!(text(&done.expect("it continues").outputs, "result"), "succeeded");
    let again = house.error("decidePipelineApproval", approve).await;
    assert_eq!(again.code(), ErrorCode::ResourceNotFound);
    assert!(again.message().contains("waits for no approval"), "{}", again.message());
}

#[tokio::test]
async fn a_rejected_run_fails_at_its_stage() {
    let house = house().await;
    let run = waiting(&house).await;
    let pending = house.ok("listPipelineApprovals", json!({ "run": run })).await;
    let id = text(approvals(&pending)[0], "id");
    let decided = house.ok("decidePipelineApproval", json!({ "approval": id, "decision": "REJECT" })).await;
    assert_eq!(text(&decided, "status"), "rejected");
    let done = house.ok("waitForPipelineRun", json!({ "id": run, "stage": "Deploy" })).await;
    assert_eq!((text(&done, "result"), text(&done, "stageResult")), ("failed", "failed"));
    let twice = house.error("decidePipelineApproval", json!({ "approval": id, "decision": "APPROVE" })).await;
    assert_eq!(twice.code(), ErrorCode::ServiceRejected);
    for inputs in
        [json!({ "decision": "APPROVE" }), json!({ "decision": "APPROVE", "run": run, "approval": id })]
    {
        assert_eq!(house.error("decidePipelineApproval", inputs).await.code(), ErrorCode::InputInvalid);
    }
    let nobodys = json!({ "approval": "00000000-0000-4000-8000-000000000001", "decision": "APPROVE" });
    assert_eq!(house.error("decidePipelineApproval", nobodys).await.code(), ErrorCode::ResourceNotFound);
    assert_eq!(
        house.error("listPipelineApprovals", json!({ "run": 99 })).await.code(),
        ErrorCode::ResourceNotFound
    );
}

#[tokio::test]
async fn a_stage_of_a_release_waits_until_it_is_approved() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    for (decision, approved, ends) in
        [("APPROVE", "approved", "succeeded"), ("REJECT", "rejected", "rejected")]
    {
        let release = house.ok("createRelease", json!({ "releasePipeline": "deploy", "run": 1 })).await;
        let id = integer(&release, "id");
        let pending = house.ok("listReleaseApprovals", json!({ "release": id })).await;
        let [approval] = approvals(&pending)[..] else { panic!("one: {pending:?}") };
        assert_eq!((text(approval, "stage"), text(approval, "approver")), ("Test", "Bot Runner"));
        let inputs = json!({ "approval": integer(approval, "id"), "decision": decision, "comment": "so" });
        let decided = house.ok("decideReleaseApproval", inputs.clone()).await;
        assert_eq!((text(&decided, "status"), text(&decided, "comment")), (approved, "so"));
        let done = house.ok("waitForReleaseStage", json!({ "id": id, "stage": "Test" })).await;
        assert_eq!(text(&done, "status"), ends);
        assert_eq!(house.error("decideReleaseApproval", inputs).await.code(), ErrorCode::ServiceRejected);
    }
    let nobodys = json!({ "approval": 999, "decision": "APPROVE" });
    assert_eq!(house.error("decideReleaseApproval", nobodys).await.code(), ErrorCode::ResourceNotFound);
}

#[tokio::test]
async fn only_an_approver_can_decide() {
    let house = house().await;
    let run = waiting(&house).await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy", "run": 2 })).await;
    let pending = house.ok("listReleaseApprovals", json!({})).await;
    let release = integer(approvals(&pending)[0], "id");
    let token = house.simulator.token_named("fabrikam", "other").expect("it was made");
    let child = house.child();
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&child, None, inputs).await.expect("it connects");
    for (action, inputs) in [
        ("decidePipelineApproval", json!({ "run": run, "decision": "APPROVE" })),
        ("decideReleaseApproval", json!({ "approval": release, "decision": "APPROVE" })),
    ] {
        let outcome = house.execute(&child, action, inputs).await;
        assert_eq!(crate::flow::support::code(outcome), ErrorCode::PermissionDenied, "{action}");
    }
}

#[tokio::test]
async fn a_decision_with_a_lost_response_is_found_and_sent_once() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    let run = waiting(&house).await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy", "run": 1 })).await;
    let pending = house.ok("listReleaseApprovals", json!({})).await;
    let release = integer(approvals(&pending)[0], "id");
    let pending = house.ok("listPipelineApprovals", json!({ "run": run })).await;
    let approval = text(approvals(&pending)[0], "id").to_owned();
    let all = [
        ("decidePipelineApproval", json!({ "approval": approval, "decision": "APPROVE" })),
        ("decideReleaseApproval", json!({ "approval": release, "decision": "APPROVE" })),
        ("authorizePipeline", json!({ "pipeline": "site", "resourceType": "AGENT_QUEUE", "resource": "7" })),
    ];
    for (action, inputs) in &all {
        house.simulator.fault(Fault::on("PATCH *").refuse());
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown, "{action}");
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on("PATCH *").lose_answer());
        house.ok(action, inputs.clone()).await;
        assert_eq!(writes(&house), 1, "{action}");
    }
}

#[tokio::test]
async fn a_pipeline_is_authorized_for_a_resource() {
    let house = house().await;
    let inputs = |pipeline: &str, kind: &str, resource: &str| json!({ "pipeline": pipeline, "resourceType": kind, "resource": resource });
    house.ok("authorizePipeline", inputs("site", "ENVIRONMENT", "7")).await;
    let both = house.ok("authorizePipeline", inputs("guarded", "ENVIRONMENT", "7")).await;
    let Some(Value::List(pipelines)) = both.get("pipelines") else { panic!("pipelines") };
    assert_eq!((pipelines.len(), integer(&both, "pipelineId")), (2, 2));
    house.simulator.clear_journal();
    house.ok("authorizePipeline", inputs("1", "REPOSITORY", "site")).await;
    let path = house.journal().last().expect("it was sent").path.clone();
    let id = path.rsplit('/').next().expect("there is an id");
    assert_eq!((id.len(), id.matches('.').count()), (36 + 1 + 36, 1), "project and repository: {path}");
    let error = house.error("authorizePipeline", inputs("sitte", "ENVIRONMENT", "7")).await;
    assert!(error.context_value("near").is_some_and(|near| near.contains("\"site\"")), "{error:?}");
    let error = house.error("authorizePipeline", inputs("site", "REPOSITORY", "sitte")).await;
    assert_eq!(error.context_value("near"), Some("\"site\""));
}

#[tokio::test]
async fn a_resource_is_found_by_its_name() {
    let rows = [
        (ResourceKind::ServiceConnection, "SERVICE_CONNECTION", "endpoint"),
        (ResourceKind::AgentQueue, "AGENT_QUEUE", "queue"),
        (ResourceKind::VariableGroup, "VARIABLE_GROUP", "variablegroup"),
        (ResourceKind::SecureFile, "SECURE_FILE", "securefile"),
        (ResourceKind::Environment, "ENVIRONMENT", "environment"),
    ];
    let project = Project::with_site("Fabrikam");
    let project = rows.iter().fold(project, |project, (kind, ..)| {
        project
            .resource(Resource::named(*kind, "west (live)"))
            .resource(Resource::named(*kind, "east"))
            .resource(Resource::named(*kind, "a, b"))
    });
    let organization = Organization::named("fabrikam")
        .project(project)
        .token(TokenOptions::with_scopes(["vso.pipelineresources_manage", "vso.build"]).named("narrow"));
    let house = House::with(world().organization(organization)).await;
    house.connect_root().await;
    let narrow = house.child();
    let token = house.simulator.token_named("fabrikam", "narrow").expect("it was made");
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&narrow, None, inputs).await.expect("it connects");
    for (_, kind, word) in rows {
        let inputs = |resource: &str| json!({ "pipeline": "1", "resourceType": kind, "resource": resource });
        house.simulator.clear_journal();
        house.ok("authorizePipeline", inputs("West (live)")).await;
        let [find, write] = &house.journal()[..] else { panic!("two requests: {:?}", house.requests()) };
        assert!(find.query.contains("West"), "the query has the name: {}", find.query);
        let id = write.path.rsplit('/').next().expect("there is an id").to_owned();
        assert!(write.path.contains(&format!("/pipelinepermissions/{word}/")), "{}", write.path);

        house.ok("authorizePipeline", inputs("a, b")).await;
        house.simulator.clear_journal();
        house.ok("authorizePipeline", inputs(&id)).await;
        // Only an ID of digits is looked up, since it may be a name.
        let requests = if id.parse::<u32>().is_ok() { 2 } else { 1 };
        assert_eq!(house.requests().len(), requests, "{:?}", house.requests());

        let error = house.error("authorizePipeline", inputs("eats")).await;
        assert_eq!(
            (error.code(), error.context_value("near")),
            (ErrorCode::ResourceNotFound, Some("\"east\""))
        );
        assert!(error.message().contains("\"eats\" does not exist in the project \"Fabrikam\""), "{error}");

        let error = code(house.execute(&narrow, "authorizePipeline", inputs("east")).await);
        assert_eq!(error, ErrorCode::AuthScopeMissing, "{kind}");
        house.execute(&narrow, "authorizePipeline", inputs(&id)).await.expect("an ID needs no other scope");
    }
}

#[tokio::test]
async fn a_resource_with_a_name_of_digits_is_found_by_its_name() {
    let house = House::connected().await;
    let list = |value: serde_json::Value| {
        let headers = [("Content-Type", "application/json")];
        let body = json!({ "count": 2, "value": value }).to_string();
        house.simulator.fault(Fault::on("GET */pipelines/environments").answer(200, &headers, body));
    };
    let inputs = json!({ "pipeline": "site", "resourceType": "ENVIRONMENT", "resource": "1234" });
    list(json!([{ "id": 1234, "name": "live" }, { "id": 8, "name": "1234" }]));
    let error = house.error("authorizePipeline", inputs.clone()).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid, "{error:?}");
    let words = "1234 is the id of the environment \"live\", and the name of the environment 8";
    assert!(error.message().ends_with(words), "{error}");
    for (value, id) in [
        (json!([{ "id": 7, "name": "live" }, { "id": 8, "name": "1234" }]), "8"),
        (json!([{ "id": 1234, "name": "live" }, { "id": 8, "name": "east" }]), "1234"),
    ] {
        list(value);
        house.simulator.clear_journal();
        let _ = house.execute(&house.root, "authorizePipeline", inputs.clone()).await;
        let write = house.requests().into_iter().find(|request| request.starts_with("PATCH"));
        assert!(write.is_some_and(|write| write.ends_with(&format!("/environment/{id}"))), "{id}");
    }
}
