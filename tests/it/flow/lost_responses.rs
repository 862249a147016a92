//! A change whose response is lost: its outcome is proven or unknown, and it is never sent twice.

use azdo_bot::contract::ErrorCode;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// Returns the number of changes since the journal was last cleared
fn posts(house: &House) -> usize {
    house.journal().iter().filter(|entry| entry.method == "POST").count()
}

#[tokio::test]
async fn a_run_with_a_lost_response_is_found_and_not_started_twice() {
    let house = House::connected().await;
    // It is equal except for the time, and is not returned.
    let before = integer(&house.ok("runPipeline", json!({ "pipeline": "site" })).await, "id");
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */runs").lose_answer());
    let inputs = json!({ "pipeline": "site", "branch": "main" });
    let success = house.execute(&house.root, "runPipeline", inputs).await.expect("it is found");
    let [warning] = success.warnings.as_slice() else { panic!("{:?}", success.warnings) };
    assert_eq!(warning.code.as_str(), "service.settled_by_content");
    for part in
        ["the pipeline run 2: http", "buildId=2", "branch, commit, template parameters, variables, stages"]
    {
        assert!(warning.message.contains(part), "{warning}");
    }
    assert!(integer(&success.outputs, "id") > before);
    let of = |name: &str| text(&success.outputs, name);
    assert_eq!((of("pipelineName"), of("branch")), ("site", "refs/heads/main"));
    assert_eq!(posts(&house), 1);
}

#[tokio::test]
async fn a_run_that_was_never_started_stays_unknown() {
    let house = House::connected().await;
    house.ok("runPipeline", json!({ "pipeline": "1" })).await;
    for lost in
        [Fault::on("POST *").refuse(), Fault::on("POST *").answer(502, &[], "<html>bad gateway</html>")]
    {
        house.simulator.clear_journal();
        house.simulator.fault(lost);
        let error = house.error("runPipeline", json!({ "pipeline": "1" })).await;
        assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown, "{error:?}");
        assert!(error.message().contains("run the pipeline"), "{}", error.message());
        assert_eq!((error.context_value("candidates"), posts(&house)), (None, 1));
    }
}

#[tokio::test]
async fn two_matching_runs_are_both_named_with_their_links() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST */runs").times(2).lose_answer());
    house.simulator.fault(Fault::on("GET */build/builds").together(2));
    house.simulator.clear_journal();
    let run = || house.execute(&house.root, "runPipeline", json!({ "pipeline": "1" }));
    for outcome in <[_; 2]>::from(tokio::join!(run(), run())) {
        let error = outcome.expect_err("either may belong to the other call").error;
        assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
        let candidates = error.context_value("candidates").expect("there are two");
        for id in [1, 2] {
            assert!(candidates.contains(&format!("the pipeline run {id}: http")), "{candidates}");
        }
        assert!(candidates.contains("buildId=2"), "{candidates}");
    }
    assert_eq!(posts(&house), 2);
}

#[tokio::test]
async fn the_inputs_of_a_run_identify_it_among_runs_of_its_pipeline() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST */runs").times(2).lose_answer());
    house.simulator.fault(Fault::on("GET */build/builds").together(2));
    let run = |environment: &str, debug: &str| {
        let inputs = json!({
            "pipeline": "1",
            "templateParameters": { "environment": environment },
            "variables": { "system.debug": debug },
        });
        house.execute(&house.root, "runPipeline", inputs)
    };
    let (one, two) = tokio::join!(run("test", "true"), run("test", "false"));
    let id = |outcome: azdo_bot::contract::Outcome| integer(&outcome.expect("it is found").outputs, "id");
    assert_ne!(id(one), id(two));
}

#[tokio::test]
async fn a_run_of_another_user_is_not_returned() {
    let world = crate::flow::support::world().organization(
        azdo_simulator::Organization::fabrikam()
            .user(azdo_simulator::User::named("Bot Runner"))
            .user(azdo_simulator::User::named("Other"))
            .token(azdo_simulator::TokenOptions::full().named("other").for_user("Other")),
    );
    let house = House::with(world).await;
    house.connect_root().await;
    let other = house.simulator.token_named("fabrikam", "other").expect("it was made");
    let child = house.child();
    house
        .connect(&child, None, json!({ "personalAccessToken": { "insecure": other } }))
        .await
        .expect("it connects");
    house.simulator.fault(Fault::on("POST */runs").times(2).lose_answer());
    house.simulator.fault(Fault::on("GET */build/builds").together(2));
    let run = |bot| house.execute(bot, "runPipeline", json!({ "pipeline": "1" }));
    let (mine, others) = tokio::join!(run(&house.root), run(&child));
    let id = |outcome: azdo_bot::contract::Outcome| integer(&outcome.expect("it is found").outputs, "id");
    assert_ne!(id(mine), id(others));
}

#[tokio::test]
async fn a_resource_without_a_creator_is_named_and_not_returned() {
    let house = House::connected().await;
    let json = [("Content-Type", "application/json")];
    let later = "2999-01-01T00:00:00Z";
    let list = |one: serde_json::Value| json!({ "count": 1, "value": [one] }).to_string();
    let run = list(json!({
        "id": 7, "queueTime": later, "_links": { "web": { "href": "https://dev.azure.com/run/7" } },
    }));
    house.simulator.fault(Fault::on("POST */runs").lose_answer());
    house.simulator.fault(Fault::on("GET */build/builds").times(3).answer(200, &json, run));
    let error = house.error("runPipeline", json!({ "pipeline": "1" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(error.context_value("candidates"), Some("the pipeline run 7: https://dev.azure.com/run/7"));

    let push = list(json!({
        "pushId": 3,
        "date": later,
        "refUpdates": [{ "name": "refs/heads/new", "oldObjectId": "0".repeat(40), "newObjectId": "a".repeat(40) }],
    }));
    house.simulator.fault(Fault::on("POST */refs").lose_answer());
    house.simulator.fault(Fault::on("GET */pushes").times(3).answer(200, &json, push));
    let branch = json!({ "repository": "site", "branch": "new", "fromCommit": "a".repeat(40) });
    let error = house.error("createBranch", branch).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(error.context_value("candidates"), Some("the push 3 to refs/heads/new"));
}
