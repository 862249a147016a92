//! Pipelines in the words of the build area: definitions, list and get.

use serde_json::Value;
use serde_json::json;

use super::Route;
use super::builds;
use super::pipelines;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::call::page;
use crate::names;
use crate::permissions::Permission;
use crate::refusals;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;

const BUILD: &[&str] = &["vso.build"];

pub(super) const ROUTES: &[Route] = &[
    Route::of("GET", "build/definitions", BUILD, list),
    Route::of("GET", "build/definitions/{definition}", BUILD, get),
];

/// A definition where one is referred to, and in lists.
pub(super) fn reference(call: &Call<'_>, project: &Project, pipeline: &Pipeline) -> Value {
    json!({
        "id": pipeline.id,
        "name": pipeline.name,
        "path": pipeline.folder,
        "type": "build",
        "queueStatus": "enabled",
        "revision": 1,
        "createdDate": shapes::moment(pipeline.created),
        "uri": format!("vstfs:///Build/Definition/{}", pipeline.id),
        "url": format!("{}/{}/_apis/build/Definitions/{}?revision=1", call.base, project.id, pipeline.id),
        "project": shapes::project(call, project),
    })
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = builds::project(organization, call)?;
    let readable = !shapes::denied(organization, call, Permission::ViewBuildDefinition);
    let project = &organization.projects[position];
    let fits = |pipeline: &&Pipeline| {
        readable
            && pipeline.invisible_for == 0
            && call.query("name").is_none_or(|name| names::same(name, &pipeline.name))
            && call.query("path").is_none_or(|path| names::same(path, &pipeline.folder))
    };
    let fitting: Vec<&Pipeline> = project.pipelines.iter().filter(fits).collect();
    let skip = call.number("continuationToken").unwrap_or(0);
    let top = call.number("$top").unwrap_or(organization.settings.switches.page_size);
    let (pipelines, next) = page(fitting, skip, top);
    let value = pipelines.into_iter().map(|pipeline| reference(call, project, pipeline)).collect();
    Ok(Answer::list(value).continued(next))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = builds::project(organization, call)?;
    let id = call.captured[0];
    let Some(pipeline) = pipelines::locate(organization, call, position, id) else {
        return Err(refusals::definition_not_found(id));
    };
    let project = &organization.projects[position];
    let pipeline = &project.pipelines[pipeline];
    let mut value = reference(call, project, pipeline);
    value["process"] = json!({ "yamlFilename": pipeline.yaml, "type": 2 });
    if let Some(source) = project.repositories.iter().find(|repository| repository.id == pipeline.repository)
    {
        value["repository"] = json!({
            "id": source.id,
            "name": source.name,
            "type": "TfsGit",
            "defaultBranch": source.default_branch,
        });
    }
    Ok(Answer::ok(&value))
}
