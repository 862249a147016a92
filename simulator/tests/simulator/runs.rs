//! Pipeline runs: starting them, and their states.

use std::time::Duration;

use azdo_simulator::BuildResult;
use azdo_simulator::Organization;
use azdo_simulator::Pace;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::Script;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Bench;

const RUNS: &str = "/fabrikam/Fabrikam/_apis/pipelines/1/runs";

const YAML: &str = "parameters:\n- name: environment\n  default: test\n- name: version\nsteps: []\n";

fn world() -> World {
    let repository = Repository::named("site")
        .file("/azure-pipelines.yml", YAML)
        .file("/broken.yml", "steps:\n  - [\n")
        .file_on("topic", "/README.md", "x");
    let project = Project::named("Fabrikam")
        .repository(repository)
        .repository(Repository::named("empty"))
        .pipeline(Pipeline::named("site").settable("colour"))
        .pipeline(Pipeline::named("no file").on("site", "/no.yml"))
        .pipeline(Pipeline::named("broken").on("site", "/broken.yml"))
        .pipeline(Pipeline::named("empty").on("empty", "/azure-pipelines.yml"));
    World::hard().organization(Organization::named("fabrikam").project(project))
}

#[tokio::test]
async fn a_run_keeps_its_parameters() {
    let bench = Bench::of(world()).await;
    let body = json!({
        "resources": { "repositories": { "self": { "refName": "refs/heads/topic" } } },
        "templateParameters": { "version": "1.2" },
        "variables": { "colour": { "value": "red", "isSecret": true }, "system.debug": { "value": "true" } },
    });
    let run = bench.send("POST", RUNS, body).await.expect(200);
    assert_eq!(
        (run["id"].as_u64(), run["state"].as_str(), run.get("result")),
        (Some(1), Some("inProgress"), None)
    );
    assert_eq!((run["pipeline"]["id"].as_u64(), run["pipeline"]["name"].as_str()), (Some(1), Some("site")));
    assert_eq!(run["templateParameters"], json!({ "version": "1.2" }));
    assert_eq!(run["variables"]["colour"], json!({ "isSecret": true }), "a secret value is not shown");
    let own = &run["resources"]["repositories"]["self"];
    assert_eq!(
        (own["refName"].as_str(), own["version"].as_str().unwrap().len()),
        (Some("refs/heads/topic"), 40)
    );
    let build = bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200);
    assert_eq!(
        (build["sourceBranch"].as_str(), &build["sourceVersion"]),
        (Some("refs/heads/topic"), &own["version"])
    );
    assert_eq!((&build["definition"]["id"], &build["buildNumber"]), (&run["pipeline"]["id"], &run["name"]));
}

#[tokio::test]
async fn invalid_runs_are_refused() {
    let bench = Bench::of(world()).await;
    let main = || json!({ "templateParameters": { "version": "1" } });
    let of = |source: serde_json::Value| json!({ "templateParameters": { "version": "1" }, "resources": { "repositories": { "self": source } } });
    let key = "PipelineValidationException";
    let rows = [
        (99, main(), 500, "PipelineNotFoundException", "The pipeline '99' does not exist"),
        (
            1,
            of(json!({ "refName": "refs/heads/no" })),
            400,
            key,
            "/azure-pipelines.yml: Unable to resolve the reference 'refs/heads/no'",
        ),
        (1, of(json!({ "version": "1".repeat(40) })), 400, key, "/azure-pipelines.yml: The version '1111"),
        (2, main(), 400, key, "/no.yml: File /no.yml not found in branch refs/heads/main version "),
        (3, json!({}), 400, key, "/broken.yml (Line: "),
        (4, main(), 400, key, "/azure-pipelines.yml: Unable to resolve the reference 'refs/heads/main'"),
        (
            1,
            json!({}),
            400,
            key,
            "/azure-pipelines.yml: A value for the 'version' parameter must be provided.",
        ),
        (
            1,
            json!({ "templateParameters": { "version": "1", "no": "x" } }),
            400,
            key,
            "/azure-pipelines.yml: Unexpected parameter 'no'",
        ),
        (
            1,
            json!({ "templateParameters": { "version": "1" }, "variables": { "a": { "value": "x" }, "b": { "value": "y" } } }),
            400,
            key,
            "See https://aka.ms/AzPipelines/SettingVariablesAtQueueTime - You can't set the following variables (a,b).",
        ),
        (
            1,
            json!([]),
            400,
            "ArgumentNullException",
            "Value cannot be null.\r\nParameter name: runParameters",
        ),
    ];
    for (pipeline, body, status, key, message) in rows {
        let answer =
            bench.send("POST", &format!("/fabrikam/Fabrikam/_apis/pipelines/{pipeline}/runs"), body).await;
        answer.refused(status, key, message);
    }
    assert_eq!(bench.get("/fabrikam/Fabrikam/_apis/build/builds").await.expect(200)["count"], 0);
}

#[tokio::test]
async fn any_variable_is_settable_without_the_organization_setting() {
    let bench = Bench::of(world().switches(|switches| switches.only_settable_variables = false)).await;
    let body = json!({ "templateParameters": { "VERSION": "1" }, "variables": { "a": { "value": "x" } } });
    assert_eq!(bench.send("POST", RUNS, body).await.expect(200)["variables"]["a"]["value"], "x");
}

#[tokio::test]
async fn a_preview_starts_nothing() {
    let bench = Bench::of(world()).await;
    let body = json!({ "previewRun": true, "templateParameters": { "version": "1" } });
    let preview = bench.send("POST", RUNS, body).await.expect(200);
    assert_eq!((preview["id"].as_i64(), preview["finalYaml"].as_str()), (Some(-1), Some(YAML)));
    assert_eq!(bench.get(RUNS).await.expect(200)["count"], 0);
}

#[tokio::test]
async fn a_run_follows_its_script() {
    for result in
        [BuildResult::Succeeded, BuildResult::PartiallySucceeded, BuildResult::Failed, BuildResult::Canceled]
    {
        let script = Script { not_started: 2, in_progress: 1, result };
        let bench = Bench::of(World::hard().script(script)).await;
        bench.send("POST", RUNS, json!({})).await.expect(200);
        let mut seen = Vec::new();
        let last = loop {
            let build = bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200);
            seen.push(build["status"].as_str().unwrap().to_owned());
            if build["status"] == "completed" {
                break build;
            }
            assert_eq!(build.get("result"), None);
        };
        assert_eq!(seen, ["notStarted", "notStarted", "inProgress", "completed"]);
        assert!(last["startTime"].is_string() && last["finishTime"].is_string());
        let run = bench.get(&format!("{RUNS}/1")).await.expect(200);
        assert_eq!(run["state"], "completed");
        let spelled = match result {
            BuildResult::Succeeded => ("succeeded", "succeeded"),
            BuildResult::PartiallySucceeded => ("partiallySucceeded", "unknown"),
            BuildResult::Failed => ("failed", "failed"),
            BuildResult::Canceled => ("canceled", "canceled"),
        };
        assert_eq!((last["result"].as_str().unwrap(), run["result"].as_str().unwrap()), spelled);
    }
}

#[tokio::test]
async fn a_list_advances_no_run() {
    let bench = Bench::new().await;
    bench.send("POST", RUNS, json!({})).await.expect(200);
    for _ in 0..5 {
        bench.get("/fabrikam/Fabrikam/_apis/build/builds").await.expect(200);
        bench.get(RUNS).await.expect(200);
    }
    assert_eq!(
        bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200)["status"],
        "notStarted"
    );
}

#[tokio::test]
async fn the_clock_advances_runs_with_a_timed_pace() {
    let bench = Bench::of(World::hard().pace(Pace::Timed(Duration::from_secs(3600)))).await;
    bench.send("POST", RUNS, json!({})).await.expect(200);
    for _ in 0..3 {
        assert_eq!(
            bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200)["status"],
            "notStarted"
        );
    }
    let bench = Bench::of(World::hard().pace(Pace::Timed(Duration::from_nanos(1)))).await;
    bench.send("POST", RUNS, json!({})).await.expect(200);
    assert_eq!(bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200)["status"], "completed");
}

#[tokio::test]
async fn a_script_can_be_set_while_it_runs() {
    let bench = Bench::new().await;
    let script = Script { not_started: 0, in_progress: 0, result: BuildResult::Failed };
    assert!(bench.simulator.set_script("fabrikam", "fabrikam", "SITE", script));
    assert!(!bench.simulator.set_script("fabrikam", "Fabrikam", "no", script));
    bench.send("POST", RUNS, json!({})).await.expect(200);
    assert_eq!(bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200)["result"], "failed");
    assert_eq!(bench.get("/fabrikam/Fabrikam/_apis/pipelines/1/runs/9").await.status, 404);
}
