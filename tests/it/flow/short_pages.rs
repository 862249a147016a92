//! Lists of a service whose pages are shorter than requested.

use azdo_bot::contract::Value;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::world;

#[tokio::test]
async fn a_list_is_complete_across_pages() {
    let stage = || ReleaseStage::named("Test");
    let project = (1..=5).fold(Project::with_site("Fabrikam"), |project, number| {
        let name = format!("p{number}");
        let pipeline = Pipeline::named(&name).on("site", "/azure-pipelines.yml");
        project.pipeline(pipeline).release_pipeline(ReleasePipeline::named(&name, "site").stage(stage()))
    });
    let organization = Organization::named("fabrikam").project(project);
    let organization = (1..=4).fold(organization, |organization, number| {
        organization.project(Project::named(&format!("q{number}")))
    });
    let world = world().organization(organization).switches(|switches| switches.longest_page = 2);
    let house = House::with(world).await;
    house.connect_root().await;
    for number in 1..=4 {
        house.ok("runPipeline", json!({ "pipeline": "site" })).await;
        house.ok("createBranch", json!({ "repository": "site", "branch": format!("b{number}") })).await;
        house.ok("createRelease", json!({ "releasePipeline": "p1", "run": 1 })).await;
    }
    for (action, inputs, key, count) in [
        ("listPipelines", json!({}), "pipelines", 6),
        ("listProjects", json!({}), "projects", 5),
        ("listBranches", json!({ "repository": "site" }), "branches", 5),
        ("listPipelineRuns", json!({}), "pipelineRuns", 4),
        ("listReleasePipelines", json!({}), "releasePipelines", 5),
        ("listReleases", json!({}), "releases", 4),
    ] {
        house.simulator.clear_journal();
        let listed = house.ok(action, inputs.clone()).await;
        let Some(Value::List(all)) = listed.get(key) else { panic!("{action}: {listed:?}") };
        assert_eq!(all.len(), count, "{action}");
        let pages = house.journal().iter().filter(|entry| entry.query.contains("continuationToken")).count();
        assert_eq!(pages + 1, count.div_ceil(2), "{action} asks for each page once");
        let mut limited = inputs;
        limited["limit"] = json!(3);
        let limited = house.ok(action, limited).await;
        let Some(Value::List(all)) = limited.get(key) else { panic!("{action}") };
        assert_eq!((all.len(), limited.get("more")), (3, Some(&Value::Boolean(true))), "{action}");
    }
}
