//! The forms of a definition in responses: as a reference, in a list, and whole.

use serde_json::Value;
use serde_json::json;

use crate::areas::shapes;
use crate::http::Call;
use crate::http::response::percent_encoded;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;
use crate::world::ResourceKind;

/// A definition, as a build refers to it.
pub(super) fn reference(call: &Call<'_>, project: &Project, pipeline: &Pipeline) -> Value {
    json!({
        "drafts": [],
        "id": pipeline.id,
        "name": pipeline.name,
        "path": pipeline.folder,
        "type": "build",
        "queueStatus": pipeline.status,
        "revision": pipeline.revision,
        "uri": format!("vstfs:///Build/Definition/{}", pipeline.id),
        "url": format!(
            "{}/{}/_apis/build/Definitions/{}?revision={}",
            call.base, project.id, pipeline.id, pipeline.revision
        ),
        "project": shapes::project(call, project),
    })
}

/// A definition in a list.
pub(super) fn listed(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    pipeline: &Pipeline,
) -> Value {
    let mut value = reference(call, project, pipeline);
    let build = format!("{}/{}/_build/definition", call.base, percent_encoded(&project.name));
    let badge = format!("{}/_apis/public/build/definitions/{}/{}/badge", call.base, project.id, pipeline.id);
    value["_links"] = shapes::links([
        ("self", value["url"].as_str().unwrap_or_default().to_owned()),
        ("web", format!("{build}?definitionId={}", pipeline.id)),
        ("editor", format!("{build}/designer?id={}&_a=edit-build-definition", pipeline.id)),
        ("badge", badge),
    ]);
    value["quality"] = json!("definition");
    value["authoredBy"] = shapes::user(call, &organization.users[pipeline.author]);
    value["createdDate"] = json!(shapes::moment(pipeline.created));
    let mut queue = queue(project, pipeline);
    let url = format!("{}/_apis/build/Queues/{}", call.base, queue["id"]);
    queue["_links"] = shapes::links([("self", url.clone())]);
    queue["url"] = json!(url);
    value["queue"] = queue;
    value
}

/// The queue of a pipeline: the one that it was created with, or the hosted one.
pub(super) fn queue(project: &Project, pipeline: &Pipeline) -> Value {
    let given = &pipeline.rest.get("queue").cloned().unwrap_or_default()["id"];
    let own = project
        .resources
        .iter()
        .find(|one| one.kind == ResourceKind::AgentQueue && given.as_u64() == Some(one.number as u64));
    let id = given.as_u64().unwrap_or(1);
    let name = own.map_or("Azure Pipelines", |queue| queue.name.as_str());
    json!({ "id": id, "name": name, "pool": { "id": id, "name": name, "isHosted": own.is_none() } })
}

/// The trigger of a pipeline with the members that a client may leave out.
fn whole_trigger(trigger: &Value) -> Value {
    let mut whole = trigger.clone();
    let usual = json!({
        "branchFilters": [], "pathFilters": [], "settingsSourceType": 1, "batchChanges": false,
        "maxConcurrentBuildsPerBranch": 1,
    });
    if whole["triggerType"] == "continuousIntegration" {
        for (name, value) in usual.as_object().into_iter().flatten() {
            if whole.get(name).is_none() {
                whole[name] = value.clone();
            }
        }
    }
    whole
}

/// The whole definition.
pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    pipeline: &Pipeline,
) -> Value {
    let mut value = listed(organization, call, project, pipeline);
    for (name, said) in &pipeline.rest {
        if name != "queue" {
            value[name] = said.clone();
        }
    }
    let by_file = json!([{ "settingsSourceType": 2, "triggerType": "continuousIntegration" }]);
    let triggers = pipeline.rest.get("triggers").unwrap_or(&by_file).as_array();
    value["triggers"] = triggers.into_iter().flatten().map(whole_trigger).collect();
    for (name, usual) in [
        ("properties", json!({})),
        ("tags", json!([])),
        ("jobAuthorizationScope", json!("projectCollection")),
    ] {
        if value.get(name).is_none_or(Value::is_null) {
            value[name] = usual;
        }
    }
    if let Some(comment) = pipeline.revisions.last().and_then(|latest| latest.comment.as_ref()) {
        value["comment"] = json!(comment);
    }
    value["process"] =
        pipeline.classic.clone().unwrap_or_else(|| json!({ "yamlFilename": pipeline.yaml, "type": 2 }));
    if let Some(source) = project.repositories.iter().find(|repository| repository.id == pipeline.repository)
    {
        value["repository"] = json!({
            "id": source.id,
            "name": source.name,
            "type": "TfsGit",
            "url": format!("{}/{}/_git/{}", call.base, percent_encoded(&project.name), percent_encoded(&source.name)),
            "defaultBranch": pipeline.default_branch.as_ref().or(source.default_branch.as_ref()),
            "clean": null,
            "checkoutSubmodules": false,
        });
    }
    value
}
