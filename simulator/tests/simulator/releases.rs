//! Abandoned releases.

use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Starts;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Bench;

#[tokio::test]
async fn no_stage_of_an_abandoned_release_starts() {
    let deploy = ReleasePipeline::named("deploy", "site")
        .stage(ReleaseStage::named("Test"))
        .stage(ReleaseStage::named("Production").starts(Starts::After("Test".to_owned())));
    let project = Project::with_site("Fabrikam").release_pipeline(deploy);
    let bench = Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await;
    let base = "/fabrikam/Fabrikam/_apis";
    bench.send("POST", &format!("{base}/pipelines/1/runs"), json!({})).await.expect(200);
    for _ in 0..4 {
        bench.get(&format!("{base}/build/builds/1")).await.expect(200);
    }
    let release = format!("{base}/release/releases");
    bench.send("POST", &release, json!({ "definitionId": 1 })).await.expect(200);
    let one = format!("{release}/1");
    // By its number, as the Node client sends it.
    let abandoned = bench.send("PATCH", &one, json!({ "status": 4, "description": "No" })).await.expect(200);
    assert_eq!(
        (abandoned["status"].as_str(), abandoned["description"].as_str()),
        (Some("abandoned"), Some("No"))
    );
    for _ in 0..6 {
        bench.get(&one).await.expect(200);
    }
    let seen = bench.get(&one).await.expect(200);
    assert_eq!(
        (seen["environments"][0]["status"].as_str(), seen["environments"][1]["status"].as_str()),
        (Some("succeeded"), Some("notStarted"))
    );
    for (path, body) in [
        (format!("{one}/environments/2"), json!({ "status": "inProgress" })),
        (one, json!({ "status": "active" })),
    ] {
        bench.send("PATCH", &path, body).await.refused(400, "InvalidRequestException", "The ");
    }
}
