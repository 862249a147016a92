//! Projects: list, get and create, the operations that create and change them, and the processes.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::PROJECT_STATE;
use crate::choice::SOURCE_CONTROL;
use crate::choice::VISIBILITY;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::call::page;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::ProjectOperation;
use crate::state::ProjectOperationKind;
use crate::world;
use crate::world::Process;
use crate::world::Visibility;

const PROFILE_OR_PROJECT: &[&str] = &["vso.profile", "vso.project"];

pub(super) const PROJECTS: ApiResource = ApiResource::new(
    &service_areas::CORE,
    "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
    "projects",
    "projects/{*projectId}",
    4,
);
const PROCESS_TEMPLATES: ApiResource = ApiResource::new(
    &service_areas::CORE,
    "93878975-88c5-4e6a-8abb-7ddd77a8a7d8",
    "processes",
    "process/processes/{*processId}",
    1,
);
const OPERATIONS: ApiResource = ApiResource::new(
    &service_areas::OPERATIONS,
    "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949",
    "operations",
    "operations/{operationId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&PROJECTS, "GET", "projects", PROFILE_OR_PROJECT, RequiredPermissions::SEE_PROJECT, list)
        .recorded()
        .at(Placement::Organization),
    Route::new(
        &PROJECTS,
        "GET",
        "projects/{project}",
        PROFILE_OR_PROJECT,
        RequiredPermissions::SEE_PROJECT,
        get,
    )
    .recorded()
    .at(Placement::Organization),
    Route::new(
        &PROJECTS,
        "POST",
        "projects",
        &["vso.project_manage"],
        RequiredPermissions::All(&[Permission::CreateProjects]),
        create,
    )
    .recorded()
    .at(Placement::Organization),
    Route::new(
        &OPERATIONS,
        "GET",
        "operations/{operation}",
        &[],
        RequiredPermissions::Nothing("only the creator of the project has the identifier"),
        get_operation,
    )
    .recorded()
    .at(Placement::Organization),
    Route::new(
        &PROCESS_TEMPLATES,
        "GET",
        "process/processes",
        &["vso.work"],
        RequiredPermissions::Nothing("every member may view them"),
        list_processes,
    )
    .recorded()
    .at(Placement::Organization),
    Route::new(
        &PROCESS_TEMPLATES,
        "GET",
        "process/processes/{process}",
        &["vso.work"],
        RequiredPermissions::Nothing("every member may view them"),
        get_process,
    )
    .at(Placement::Organization),
];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let state = PROJECT_STATE.name(call.query("stateFilter").unwrap_or("wellFormed"));
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    // `all` leaves out the deleted ones.
    let deleted = organization.deleted_projects.iter().filter(|_| names::same(state, "deleted"));
    let visible: Vec<Value> = organization
        .projects
        .iter()
        .filter(|project| names::same(state, "all") || names::same(&project.state, state))
        .chain(deleted)
        .filter(|_| !hidden)
        .map(|project| shapes::project(call, project))
        .collect();
    // The service's continuation token for projects is an offset, as `$skip` is.
    let skip = call.number("continuationToken").or_else(|| call.number("$skip")).unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (value, next) = page(visible, skip, top);
    Ok(Response::list(value).continued(next))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = shapes::project_position(organization, call, call.captured[0], StatusCode::NOT_FOUND)?;
    let project = &organization.projects[position];
    let mut value = shapes::project(call, project);
    let url = format!("{}/_apis/projects/{}", call.base, project.id);
    value["_links"] = shapes::links([
        ("self", url.clone()),
        ("collection", format!("{}/_apis/projectCollections/{}", call.base, organization.id)),
        ("web", format!("{}/{}", call.base, percent_encoded(&project.name))),
    ]);
    value["defaultTeam"] = json!({
        "id": project.team,
        "name": format!("{} Team", project.name),
        "url": format!("{url}/teams/{}", project.team),
    });
    if call.flag("includeCapabilities") {
        value["capabilities"] = json!({
            "processTemplate": { "templateName": project.process.name(), "templateTypeId": project.process.id() },
            "versioncontrol": { "sourceControlType": "Git", "gitEnabled": "True", "tfvcEnabled": "False" },
        });
    }
    Ok(Response::ok(&value))
}

#[derive(Deserialize)]
struct NewProject {
    name: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default, deserialize_with = "chosen")]
    visibility: Option<String>,
    capabilities: Option<Capabilities>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Capabilities {
    versioncontrol: Option<VersionControl>,
    process_template: Option<ProcessTemplate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionControl {
    #[serde(default, deserialize_with = "chosen")]
    source_control_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProcessTemplate {
    template_type_id: String,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewProject = call.json("projectToCreate")?;
    if shapes::denied(organization, call, Permission::CreateProjects) {
        let user = &shapes::caller(organization, call).name;
        return Err(refusals::needs_project_permission(Permission::CreateProjects, user));
    }
    let name = body.name.unwrap_or_default();
    if !names::is_repository_name(&name) {
        return Err(refusals::project_name_invalid(&name));
    }
    let capabilities = body.capabilities.ok_or_else(|| refusals::body_missing("capabilities"))?;
    let control = capabilities.versioncontrol.and_then(|one| one.source_control_type).unwrap_or_default();
    let template = capabilities.process_template.map(|one| one.template_type_id).unwrap_or_default();
    let process = Process::ALL.into_iter().find(|known| known.id().eq_ignore_ascii_case(&template));
    let Some(process) = process.filter(|_| SOURCE_CONTROL.name(&control) == "git") else {
        return Err(refusals::body_missing("capabilities"));
    };
    if organization.project_position(&name).is_some() {
        return Err(refusals::project_exists(&name));
    }
    let visibility = match body.visibility.as_deref().map(|wanted| VISIBILITY.name(wanted)) {
        None | Some("private") => Visibility::Private,
        Some("public") => Visibility::Public,
        Some(other) => {
            return Err(refusals::bad_argument(&format!("The visibility '{other}' is not supported.")));
        }
    };
    let new = world::Project::named(&name).repository(world::Repository::named(&name));
    let mut project = new.visibility(visibility).process(process);
    project.description = body.description;
    organization.add_project(project);
    let polls = organization.settings.switches.unfinished_for;
    let made = organization.projects.last_mut().expect("a project was just added");
    if polls > 0 {
        "createPending".clone_into(&mut made.state);
    }
    let project = made.id;
    Ok(accepted(organization, call, project, ProjectOperationKind::Create))
}

/// The response to a request that starts an operation: its status is set when it is asked for.
pub(super) fn accepted(
    organization: &mut Organization,
    call: &Call<'_>,
    project: Uuid,
    kind: ProjectOperationKind,
) -> Response {
    let polls = organization.settings.switches.unfinished_for;
    let operation = ProjectOperation { id: Uuid::new_v4(), project, kind, polls };
    let url = format!("{}/_apis/operations/{}", call.base, operation.id);
    let value = json!({ "id": operation.id, "status": "notSet", "url": url });
    organization.operations.push(operation);
    Response::json(StatusCode::ACCEPTED, &value)
}

/// Moves a project to the deleted ones.
pub(super) fn discard(organization: &mut Organization, position: usize) {
    let mut project = organization.projects.remove(position);
    "deleted".clone_into(&mut project.state);
    project.updated = organization.now();
    organization.deleted_projects.push(project);
}

fn get_operation(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let found = organization.operations.iter_mut().find(|one| one.id.to_string().eq_ignore_ascii_case(id));
    let operation = found.ok_or_else(|| refusals::operation_not_found(id))?;
    let over = operation.polls == 0;
    operation.polls = operation.polls.saturating_sub(1);
    let (operation, project, kind) = (operation.id, operation.project, operation.kind);
    if over && let Some(position) = organization.project_position(&project.to_string()) {
        match kind {
            ProjectOperationKind::Create => {
                "wellFormed".clone_into(&mut organization.projects[position].state);
            }
            ProjectOperationKind::Change => {}
            ProjectOperationKind::Delete => discard(organization, position),
        }
    }
    let url = format!("{}/_apis/operations/{operation}", call.base);
    Ok(Response::ok(&json!({
        "id": operation,
        "status": if over { "succeeded" } else { "inProgress" },
        "url": url,
        "_links": { "self": { "href": url } },
    })))
}

fn process(call: &Call<'_>, (position, process): (usize, Process)) -> Value {
    json!({
        "id": process.id(),
        "name": process.name(),
        "description": process.description(),
        "isDefault": position == 0,
        "type": if process == Process::FabrikamAgile { "inherited" } else { "system" },
        "url": format!("{}/_apis/process/processes/{}", call.base, process.id()),
    })
}

fn list_processes(_: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(Response::list(Process::ALL.into_iter().enumerate().map(|one| process(call, one)).collect()))
}

fn get_process(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let found = Process::ALL.into_iter().enumerate().find(|(_, one)| one.id().eq_ignore_ascii_case(id));
    Ok(Response::ok(&process(call, found.ok_or_else(|| refusals::process_not_found(id))?)))
}
