//! A wait says what it waits for, and ends when nothing is to come.

use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_simulator::BuildResult;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Stage;
use azdo_simulator::Starts;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::text;
use crate::flow::support::world;

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

/// The pipeline `guarded`, whose stage Deploy needs an approval, and the release pipeline `deploy`: Test fails, Staging
/// starts after it, and Live after Staging; Manual starts by hand
async fn house() -> House {
    let guarded = Pipeline::named("guarded")
        .on("site", "/azure-pipelines.yml")
        .stage(Stage::named("Build"))
        .stage(Stage::named("Deploy").approver("Bot Runner"));
    let deploy = ReleasePipeline::named("deploy", "site")
        .stage(ReleaseStage::named("Test").ending(BuildResult::Failed))
        .stage(ReleaseStage::named("Staging").starts(Starts::After("Test".to_owned())))
        .stage(ReleaseStage::named("Live").starts(Starts::After("Staging".to_owned())))
        .stage(ReleaseStage::named("Manual").starts(Starts::ByHand));
    let project = Project::with_site("Fabrikam").pipeline(guarded).release_pipeline(deploy);
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    house.connect_root().await;
    house
}

#[tokio::test]
async fn a_wait_for_a_run_says_what_it_waits_for() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "guarded" })).await;
    for wait in [json!({ "id": 1, "timeLimit": 1 }), json!({ "id": 1, "stage": "Deploy", "timeLimit": 1 })] {
        let reports = Reports::default();
        let outcome = house.watch(&house.root, "waitForPipelineRun", wait, &reports).await;
        let error = outcome.expect_err("it waits for the approval").error;
        let reason = "an approval before the stage \"Deploy\"";
        assert_eq!(error.code(), ErrorCode::DeadlineExceeded);
        assert_eq!(error.context_value("waitsFor"), Some(reason));
        assert!(
            error.message().contains(reason) && error.help_text().contains("Decide pipeline approval"),
            "{error:?}"
        );
        assert!(reports.lines().iter().any(|line| line.contains(reason)), "{:?}", reports.lines());
    }
    let timeline = json!({ "records": [
        { "id": "s", "type": "Stage", "identifier": "Build", "state": "inProgress" },
        { "id": "j", "parentId": "s", "type": "Job", "name": "Compile", "state": "pending", "workerName": null },
    ] });
    house.simulator.fault(Fault::on("GET */timeline").times(10_000).answer(200, &JSON, timeline.to_string()));
    let error = house.error("waitForPipelineRun", json!({ "id": 1, "timeLimit": 1 })).await;
    assert_eq!(error.context_value("waitsFor"), Some("an agent for the job \"Compile\""));
    assert!(error.help_text().contains("agent"), "{}", error.help_text());
}

#[tokio::test]
async fn a_wait_for_a_stage_ends_when_its_run_is_completed_without_it() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    let timeline =
        json!({ "records": [{ "id": "s", "type": "Stage", "identifier": "Build", "state": "pending" }] });
    house.simulator.fault(Fault::on("GET */timeline").times(10_000).answer(200, &JSON, timeline.to_string()));
    let wait = house.error("waitForPipelineRun", json!({ "id": 1, "stage": "Build" }));
    let error = tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it ends at once");
    assert_eq!(error.code(), ErrorCode::ResourceConflict);
    assert!(error.message().contains("did not run: the run is completed, succeeded"), "{error}");
}

#[tokio::test]
async fn a_wait_for_a_release_stage_ends_when_the_stage_can_no_longer_start() {
    let house = house().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy" })).await;
    let test = house.ok("waitForReleaseStage", json!({ "id": 1, "stage": "Test" })).await;
    assert_eq!(text(&test, "status"), "rejected");
    for (stage, reason) in [
        ("Staging", "it starts after the stage \"Test\", which is rejected"),
        ("Live", "it starts after the stage \"Staging\", which does not start"),
    ] {
        let error = house.error("waitForReleaseStage", json!({ "id": 1, "stage": stage })).await;
        assert_eq!(error.code(), ErrorCode::ResourceConflict, "{stage}: {error:?}");
        assert!(error.message().contains(reason), "{stage}: {error}");
    }
    let error =
        house.error("waitForReleaseStage", json!({ "id": 1, "stage": "Manual", "timeLimit": 1 })).await;
    assert_eq!(error.code(), ErrorCode::DeadlineExceeded);
    assert!(error.message().contains("waits for its deployment by hand"), "{error}");

    let manual = json!({ "id": 1, "stage": "Manual" });
    let (error, _) = tokio::join!(
        house.error("waitForReleaseStage", manual),
        house.ok("abandonRelease", json!({ "id": 1 }))
    );
    assert_eq!(error.code(), ErrorCode::ResourceConflict);
    assert!(error.message().contains("the release is abandoned"), "{error}");
}

#[tokio::test]
async fn an_import_a_completion_and_a_new_project_say_what_they_wait_for() {
    let house = House::connected().await;
    pull_request(&house).await;
    let rows = [
        (
            "importRepository",
            json!({ "name": "tools", "sourceUrl": "https://git.example.com/tools.git" }),
            &["the import waits for its start, ", "the import is in progress (step 1 of 2), "][..],
        ),
        ("completePullRequest", json!({ "id": 1 }), &["pull request 1 waits for "]),
        ("createProject", json!({ "name": "Web" }), &["the creation of the project is in progress, "]),
    ];
    for (action, inputs, words) in rows {
        let reports = Reports::default();
        house.watch(&house.root, action, inputs, &reports).await.expect(action);
        for words in words {
            assert!(
                reports.lines().iter().any(|line| line.starts_with(words)),
                "{action}: {:?}",
                reports.lines()
            );
        }
    }
}

#[tokio::test]
async fn an_import_a_completion_and_a_new_project_name_the_state_when_their_time_ends() {
    let house = House::with(world().switches(|switches| switches.unfinished_for = 1_000_000)).await;
    house.connect_root().await;
    pull_request(&house).await;
    let rows = [
        (
            "importRepository",
            json!({ "name": "tools", "sourceUrl": "https://git.example.com/tools.git", "timeLimit": 1 }),
            "within the time limit of 1 s: the import is in progress (step 1 of 2)",
        ),
        ("completePullRequest", json!({ "id": 1, "timeLimit": 1 }), "within 1 s: pull request 1 waits for "),
        (
            "createProject",
            json!({ "name": "Web", "timeLimit": 1 }),
            "in time: the creation of the project is in progress",
        ),
    ];
    for (action, inputs, words) in rows {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::DeadlineExceeded, "{action}: {error:?}");
        assert!(error.message().contains(words), "{action}: {error}");
    }
}

#[tokio::test]
async fn a_wait_for_a_project_ends_at_once_when_it_is_deleted() {
    let house = House::connected().await;
    let deleting =
        json!({ "id": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c", "name": "Web", "state": "deleting" });
    // The first request is the check whether the name is free.
    let fault = Fault::on("GET */_apis/projects/Web").after(1).times(1_000);
    house.simulator.fault(fault.answer(200, &JSON, deleting.to_string()));
    let creating = house.error("createProject", json!({ "name": "Web" }));
    let error = tokio::time::timeout(Duration::from_secs(60), creating).await.expect("it ends at once");
    assert_eq!(error.code(), ErrorCode::ResourceConflict);
    assert!(error.message().ends_with("will not be ready: its state is \"deleting\""), "{error}");
}

/// Creates the pull request 1 in the repository `site`
async fn pull_request(house: &House) {
    house.ok("createBranch", json!({ "repository": "site", "branch": "next", "fromBranch": "main" })).await;
    let commit = json!({ "repository": "site", "branch": "next", "message": "m", "files": { "a.txt": "a" } });
    house.ok("commitFiles", commit).await;
    let create = json!({ "repository": "site", "sourceBranch": "next", "title": "Next" });
    house.ok("createPullRequest", create).await;
}
