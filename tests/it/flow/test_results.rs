//! Test results of pipeline runs: the summary, and the results one by one.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_bot::contract::WarningCode;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::TestRun;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// A completed run with two test runs, and one without tests
async fn house() -> House {
    let units = TestRun::named("Unit tests")
        .result("Sums.Adds", "Passed")
        .result("Sums.Subtracts", "Passed")
        .failed("Sums.Divides", "expected 2, found 3")
        .result("Sums.Skipped", "NotExecuted");
    let pages =
        TestRun::named("Browser tests").result("Pages.Open", "Timeout").result("Pages.Close", "Passed");
    let tested = Pipeline::named("tested").on("site", "/azure-pipelines.yml").test_run(units).test_run(pages);
    let project = Project::with_site("Fabrikam").pipeline(tested);
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    house.connect_root().await;
    for pipeline in ["tested", "site"] {
        let run = integer(&house.ok("runPipeline", json!({ "pipeline": pipeline })).await, "id");
        house.ok("waitForPipelineRun", json!({ "id": run })).await;
    }
    house.simulator.clear_journal();
    house
}

#[tokio::test]
async fn the_summary_has_the_numbers_of_all_test_runs_and_of_each() {
    let house = house().await;
    let summary = house.ok("getTestSummary", json!({ "id": 1 })).await;
    let numbers = ["total", "passed", "failed", "other"].map(|name| integer(&summary, name));
    assert_eq!(numbers, [6, 3, 2, 1]);
    let outcomes = summary.get("outcomes").and_then(Value::as_dictionary).expect("a dictionary");
    assert_eq!((integer(outcomes, "Timeout"), integer(outcomes, "NotExecuted")), (1, 1));
    assert_eq!(column(&summary, "testRuns", "name"), ["Unit tests", "Browser tests"]);
    let Some(Value::List(runs)) = summary.get("testRuns") else { panic!("a list") };
    let units = runs[0].as_dictionary().expect("a test run");
    assert_eq!(
        (integer(units, "total"), integer(units, "failed"), text(units, "state")),
        (4, 1, "Completed")
    );
    assert_eq!(house.requests().len(), 1, "{:?}", house.requests());
}

#[tokio::test]
async fn the_results_have_their_errors_and_are_filtered_and_cut() {
    let house = house().await;
    let all = house.ok("listTestResults", json!({ "id": 1 })).await;
    assert_eq!(column(&all, "results", "outcome").len(), 6);
    assert_eq!(house.requests().len(), 3, "{:?}", house.requests());

    let failed = house.ok("listTestResults", json!({ "id": 1, "outcome": "FAILED" })).await;
    assert_eq!(column(&failed, "results", "name"), ["Sums.Divides", "Pages.Open"]);
    let Some(Value::List(results)) = failed.get("results") else { panic!("a list") };
    let first = results[0].as_dictionary().expect("a result");
    assert_eq!([text(first, "title"), text(first, "errorMessage")], ["Divides", "expected 2, found 3"]);
    assert_eq!(first.get("duration"), Some(&Value::from(json!(0.25))));
    assert_eq!(failed.get("more"), Some(&Value::Boolean(false)));

    let cut = house.ok("listTestResults", json!({ "id": 1, "limit": 4 })).await;
    assert_eq!(column(&cut, "results", "title"), ["Adds", "Subtracts", "Divides", "Skipped"]);
    assert_eq!(cut.get("more"), Some(&Value::Boolean(true)), "the second test run has more");
    let success =
        house.execute(&house.root, "listTestResults", json!({ "id": 1 })).await.expect("it succeeds");
    assert!(success.warnings.iter().all(|warning| warning.code != WarningCode::ListCut));
}

#[tokio::test]
async fn a_run_without_tests_has_none_and_one_that_does_not_exist_is_named() {
    let house = house().await;
    let none = house.ok("getTestSummary", json!({ "id": 2 })).await;
    assert_eq!((integer(&none, "total"), column(&none, "testRuns", "name").len()), (0, 0));
    let none = house.ok("listTestResults", json!({ "id": 2 })).await;
    assert_eq!(column(&none, "results", "name").len(), 0);
    for action in ["getTestSummary", "listTestResults"] {
        let error = house.error(action, json!({ "id": 99 })).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(error.message().contains("the pipeline run 99"), "{error}");
    }
}

#[tokio::test]
async fn a_lost_response_is_asked_for_again() {
    let house = house().await;
    house.simulator.fault(Fault::on("GET */test/runs*").lose_answer());
    assert_eq!(integer(&house.ok("getTestSummary", json!({ "id": 1 })).await, "passed"), 3);
}
