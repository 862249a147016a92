//! Unverified behaviour of the service: a flow works, or fails with the same error, with either setting of each switch.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Stale;
use azdo_simulator::TokenOptions;
use azdo_simulator::Unverified;
use azdo_simulator::User;
use azdo_simulator::WaitingStage;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

type Turn = fn(&mut Unverified);

/// Each switch set to the less likely behaviour
const OTHERWISE: &[(&str, Turn)] = &[
    ("as believed", |_| {}),
    ("no retention policy", |switches| switches.retention_policy_required = false),
    ("a waiting stage is queued", |switches| switches.waiting_stage = WaitingStage::Queued),
    ("no codes", |switches| switches.coded_refusals = false),
    ("stale release pipeline", |switches| switches.stale_release_pipeline = Stale::Conflict),
    ("stale definition", |switches| switches.stale_definition = Stale::BadRequest),
    ("anybody decides", |switches| switches.anybody_decides = true),
    ("no comments in histories", |switches| switches.revision_comments = false),
    ("completing is reviewing", |switches| switches.completing_takes_contribute = false),
];

/// A release pipeline whose stage waits for the owner, and a child bot of a user with few permissions
async fn house(turn: Turn) -> House {
    let deploy =
        ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test").approver("Owner"));
    let other = User::named("Other")
        .without(Permission::EditReleaseDefinition)
        .without(Permission::GenericContribute);
    let organization = Organization::named("fabrikam")
        .project(Project::with_site("Fabrikam").release_pipeline(deploy))
        .user(User::named("Owner"))
        .user(other)
        .token(TokenOptions::full().named("other").for_user("Other"));
    let world = world().organization(organization).switches(|switches| turn(&mut switches.unverified));
    let house = House::with(world).await;
    house.connect_root().await;
    house
}

/// Returns the outcome of the second of two concurrent equal calls; the first has succeeded
async fn two(house: &House, action: &str, place: &str, inputs: [serde_json::Value; 2]) -> ErrorCode {
    house.simulator.fault(Fault::on(&format!("GET */{place}")).together(2));
    let [one, two] = inputs.map(|inputs| house.execute(&house.root, action, inputs));
    let (one, two) = tokio::join!(one, two);
    let mut errors: Vec<_> = [one, two].into_iter().filter_map(Outcome::err).collect();
    assert_eq!(errors.len(), 1, "{action}: {errors:?}");
    errors.remove(0).error.code()
}

#[tokio::test]
async fn a_flow_works_with_each_setting_of_the_simulator() {
    for (what, turn) in OTHERWISE {
        let house = house(*turn).await;
        let mut switches = Unverified::default();
        turn(&mut switches);
        let token = house.simulator.token_named("fabrikam", "other").expect("it was made");
        let other = house.child();
        let inputs = json!({ "personalAccessToken": { "insecure": token } });
        house.connect(&other, None, inputs).await.expect("it connects");

        let made = json!({ "name": "new", "pipeline": "site", "stages": ["A"] });
        house.ok("createReleasePipeline", made.clone()).await;
        let refused = house.execute(&other, "createReleasePipeline", made).await;
        assert_eq!(crate::flow::support::code(refused), ErrorCode::PermissionDenied, "{what}");
        for (action, place, key) in [
            ("editReleasePipeline", "release/definitions/2", "releasePipeline"),
            ("editPipeline", "build/definitions/1", "pipeline"),
        ] {
            let id = place.rsplit('/').next().expect("an id");
            let rename = |name: &str| json!({ key: id, "newName": name });
            let code = two(&house, action, place, [rename("one"), rename("two")]).await;
            assert_eq!(code, ErrorCode::ResourceConflict, "{what}: {action}");
        }

        house.ok("runPipeline", json!({ "pipeline": "1" })).await;
        let release = house.ok("createRelease", json!({ "releasePipeline": "deploy", "run": 1 })).await;
        let release = integer(&release, "id");
        let pending = house.ok("listReleaseApprovals", json!({ "release": release })).await;
        let Some(Value::List(pending)) = pending.get("approvals") else { panic!("{what}: {pending:?}") };
        let Value::Dictionary(approval) = &pending[0] else { panic!("{what}: {pending:?}") };
        let decide = json!({ "approval": integer(approval, "id"), "decision": "APPROVE" });
        let by_other = house.execute(&other, "decideReleaseApproval", decide.clone()).await;
        assert_eq!(by_other.is_ok(), switches.anybody_decides, "{what}: {by_other:?}");
        if let Err(failure) = by_other {
            assert_eq!(failure.error.code(), ErrorCode::PermissionDenied, "{what}");
            house.ok("decideReleaseApproval", decide).await;
        }
        let done = house.ok("waitForReleaseStage", json!({ "id": release, "stage": "Test" })).await;
        assert_eq!(text(&done, "status"), "succeeded", "{what}");

        let files = json!({ "/new.md": "new" });
        house.ok("createBranch", json!({ "repository": "site", "branch": "topic" })).await;
        let commit = json!({ "repository": "site", "branch": "topic", "message": "m", "files": files });
        house.ok("commitFiles", commit).await;
        let pull_request = json!({ "repository": "site", "sourceBranch": "topic", "title": "t" });
        house.ok("createPullRequest", pull_request).await;
        let completed = house.execute(&other, "completePullRequest", json!({ "id": 1 })).await;
        assert_eq!(completed.is_ok(), !switches.completing_takes_contribute, "{what}: {completed:?}");
        if let Err(failure) = completed {
            assert_eq!(failure.error.code(), ErrorCode::PermissionDenied, "{what}");
        }
    }
}
