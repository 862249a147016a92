//! Pipelines: list, get, create. In the build area they are definitions.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::CONFIGURATION_TYPE;
use crate::choice::REPOSITORY_TYPE;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::http::call::page;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;
use crate::state::Unseen;

const BUILD: &[&str] = &["vso.build"];
const BUILD_EXECUTE: &[&str] = &["vso.build_execute"];

const PIPELINES: ApiResource = ApiResource::new(
    &service_areas::PIPELINES,
    "28e1305e-2afe-47bf-abaf-cbb0e6a91988",
    "pipelines",
    "pipelines/{pipelineId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&PIPELINES, "GET", "pipelines", BUILD, RequiredPermissions::VIEW_PIPELINES, list)
        .released(SINCE_7_0),
    Route::new(
        &PIPELINES,
        "POST",
        "pipelines",
        BUILD_EXECUTE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::CreateBuildDefinition]),
        create,
    )
    .released(SINCE_7_0),
    Route::new(&PIPELINES, "GET", "pipelines/{pipeline}", BUILD, RequiredPermissions::VIEW_PIPELINES, get)
        .released(SINCE_7_0),
];

/// A pipeline, as a reference or in a list.
pub(in crate::areas) fn reference(call: &Call<'_>, project: &Project, pipeline: &Pipeline) -> Value {
    json!({
        "id": pipeline.id,
        "name": pipeline.name,
        "folder": pipeline.folder,
        "revision": pipeline.revision,
        "url": format!("{}/{}/_apis/pipelines/{}?revision={}", call.base, project.id, pipeline.id, pipeline.revision),
    })
}

/// A pipeline in a list.
fn listed(call: &Call<'_>, project: &Project, pipeline: &Pipeline) -> Value {
    let mut value = reference(call, project, pipeline);
    let web = format!(
        "{}/{}/_build/definition?definitionId={}",
        call.base,
        percent_encoded(&project.name),
        pipeline.id
    );
    value["_links"] = json!({ "self": { "href": value["url"] }, "web": { "href": web } });
    value
}

fn shape(call: &Call<'_>, project: &Project, pipeline: &Pipeline) -> Value {
    let mut value = listed(call, project, pipeline);
    value["configuration"] = if pipeline.classic.is_some() {
        json!({ "type": "designerJson" })
    } else {
        json!({
            "type": "yaml",
            "path": pipeline.yaml,
            "repository": { "id": pipeline.repository, "type": "azureReposGit" },
        })
    };
    value
}

/// Returns the position of the project in the path, for the pipelines area.
pub(in crate::areas) fn project(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    shapes::own_project(organization, call, StatusCode::NOT_FOUND)
}

/// Returns the position of a pipeline by its identifier, if it is visible to the request and the caller may view it.
pub(in crate::areas) fn locate(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    id: &str,
) -> Option<usize> {
    if shapes::denied(organization, call, Permission::ViewBuildDefinition) {
        return None;
    }
    let id: u32 = id.parse().ok()?;
    let pipelines = &organization.projects[project].pipelines;
    let position = pipelines.iter().position(|pipeline| pipeline.id == id)?;
    pipelines[position].unseen.look().then_some(position)
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let readable = !shapes::denied(organization, call, Permission::ViewBuildDefinition);
    let project = &organization.projects[position];
    let mut visible: Vec<&Pipeline> =
        project.pipelines.iter().filter(|pipeline| readable && pipeline.unseen.look()).collect();
    match call.query("orderBy").map(str::to_ascii_lowercase).as_deref() {
        Some("name" | "name asc") => visible.sort_by_key(|pipeline| pipeline.name.to_lowercase()),
        Some("name desc") => visible.sort_by_key(|pipeline| std::cmp::Reverse(pipeline.name.to_lowercase())),
        _ => {}
    }
    let skip = call.number("continuationToken").unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (pipelines, next) = page(visible, skip, top);
    let value = pipelines.into_iter().map(|pipeline| listed(call, project, pipeline)).collect();
    Ok(Response::list(value).continued(next))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let id = call.captured[0];
    let Some(pipeline) = locate(organization, call, position, id) else {
        return Err(refusals::pipeline_not_found(StatusCode::NOT_FOUND, id));
    };
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(call, project, &project.pipelines[pipeline])))
}

#[derive(Deserialize)]
struct NewPipeline {
    folder: Option<String>,
    name: Option<String>,
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default, rename = "type", deserialize_with = "chosen")]
    kind: Option<String>,
    path: Option<String>,
    repository: Option<RepositoryReference>,
}

#[derive(Deserialize)]
struct RepositoryReference {
    id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "chosen")]
    kind: Option<String>,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewPipeline = call.json("inputParameters")?;
    let position = project(organization, call)?;
    let name =
        body.name.filter(|name| !name.trim().is_empty()).ok_or_else(|| refusals::body_missing("name"))?;
    if shapes::denied(organization, call, Permission::CreateBuildDefinition) {
        let user = &shapes::caller(organization, call).name;
        let pipeline = format!("0:{name}");
        let project = &organization.projects[position].name;
        return Err(refusals::needs_build_permission(
            Permission::CreateBuildDefinition,
            user,
            &pipeline,
            project,
        ));
    }
    let configuration = body.configuration.ok_or_else(|| refusals::body_missing("configuration"))?;
    let yaml =
        configuration.path.filter(|path| !path.is_empty()).ok_or_else(|| refusals::body_missing("path"))?;
    let source = configuration.repository.ok_or_else(|| refusals::body_missing("repository"))?;
    let source_id = source.id.ok_or_else(|| refusals::body_missing("repository.id"))?;
    let kind = CONFIGURATION_TYPE.name(configuration.kind.as_deref().unwrap_or_default());
    let host = REPOSITORY_TYPE.name(source.kind.as_deref().unwrap_or_default());
    if kind != "yaml" || host != "azureReposGit" {
        return Err(refusals::pipeline_invalid("Only YAML pipelines on Azure Repos are simulated."));
    }
    let folder = names::folder(body.folder.as_deref().unwrap_or_default());
    let yaml = format!("/{}", yaml.trim_start_matches('/'));

    let settings = organization.settings;
    let project = &organization.projects[position];
    let repository =
        project.enabled_repository(&source_id).ok_or_else(|| refusals::repository_not_found(&source_id))?;
    let tip = repository.default_branch.as_deref().and_then(|branch| repository.at_ref(branch));
    if settings.switches.missing_yaml_refused_at_create
        && tip.is_none_or(|tip| !tip.files.contains_key(&yaml[1..]))
    {
        return Err(refusals::pipeline_invalid(&format!("{yaml}: The YAML file {yaml} was not found.")));
    }
    if project.pipelines.iter().any(|known| known.is_called(&name, &folder)) {
        return Err(refusals::pipeline_exists(&name, &folder));
    }
    let repository = repository.id;
    let mut pipeline = Pipeline {
        folder,
        yaml,
        author: call.user.unwrap_or(0),
        unseen: Unseen::new(settings.switches.invisible_for),
        ..organization.new_pipeline(name, repository)
    };
    pipeline.record(pipeline.author, pipeline.created, None);
    let project = &mut organization.projects[position];
    let value = shape(call, project, &pipeline);
    project.pipelines.push(pipeline);
    Ok(Response::ok(&value))
}
