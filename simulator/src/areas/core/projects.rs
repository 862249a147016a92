//! Projects: list, get and create, the operation that creates one, and the process templates.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::VISIBILITY;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::call::page;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::ProjectOperation;
use crate::world;
use crate::world::Visibility;

const PROFILE_OR_PROJECT: &[&str] = &["vso.profile", "vso.project"];

const PROJECTS: ApiResource = ApiResource::new(
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
    "process/processes/{processId}",
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
        .at(Placement::Organization),
    Route::new(
        &PROJECTS,
        "GET",
        "projects/{project}",
        PROFILE_OR_PROJECT,
        RequiredPermissions::SEE_PROJECT,
        get,
    )
    .at(Placement::Organization),
    Route::new(
        &PROJECTS,
        "POST",
        "projects",
        &["vso.project_manage"],
        RequiredPermissions::All(&[Permission::CreateProjects]),
        create,
    )
    .at(Placement::Organization),
    Route::new(
        &OPERATIONS,
        "GET",
        "operations/{operation}",
        &[],
        RequiredPermissions::Nothing("only the creator of the project has the identifier"),
        get_operation,
    )
    .at(Placement::Organization),
    Route::new(
        &PROCESS_TEMPLATES,
        "GET",
        "process/processes",
        &["vso.work"],
        RequiredPermissions::Nothing("every member may view them"),
        list_processes,
    )
    .at(Placement::Organization),
];

/// The service's own processes, and one custom process.
const PROCESSES: [(&str, &str); 5] = [
    ("Basic", "b8a3a935-7e91-48b8-a94c-606d37c3e9f2"),
    ("Agile", "adcc42ab-9882-485e-a3ed-7678f01f66bc"),
    ("Scrum", "6b724908-ef14-45cf-84f8-768b5384da45"),
    ("CMMI", "27450541-8e31-4150-9947-dc59f998fc01"),
    ("Fabrikam Agile", "3f7d0c5e-9a41-4c55-8d6f-0b7a6d5c4e21"),
];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let state = call.query("stateFilter").unwrap_or("wellFormed");
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let visible: Vec<Value> = organization
        .projects
        .iter()
        .filter(|project| {
            !hidden && (state.eq_ignore_ascii_case("all") || project.state.eq_ignore_ascii_case(state))
        })
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
    value["_links"] =
        json!({ "self": { "href": url }, "web": { "href": format!("{}/{}", call.base, project.name) } });
    value["defaultTeam"] = json!({
        "id": project.team,
        "name": format!("{} Team", project.name),
        "url": format!("{url}/teams/{}", project.team),
    });
    if call.flag("includeCapabilities") {
        value["capabilities"] = json!({
            "processTemplate": { "templateName": "Basic", "templateTypeId": "b8a3a935-7e91-48b8-a94c-606d37c3e9f2" },
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
    source_control_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProcessTemplate {
    template_type_id: String,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewProject = call.json("projectToCreate")?;
    if shapes::denied(organization, call, Permission::CreateProjects) {
        return Err(refusals::needs_to_create_projects(&shapes::caller(organization, call).name));
    }
    let name = body.name.unwrap_or_default();
    if !names::is_repository_name(&name) {
        return Err(refusals::project_name_invalid(&name));
    }
    let capabilities = body.capabilities.ok_or_else(|| refusals::body_missing("capabilities"))?;
    let git = capabilities.versioncontrol.is_some_and(|one| one.source_control_type == "Git");
    let process = capabilities.process_template.map(|one| one.template_type_id).unwrap_or_default();
    if !git || !PROCESSES.iter().any(|(_, id)| id.eq_ignore_ascii_case(&process)) {
        return Err(refusals::body_missing("capabilities"));
    }
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
    let mut project = new.visibility(visibility);
    project.description = body.description;
    organization.add_project(project);
    let polls = organization.settings.switches.unfinished_for;
    let made = organization.projects.last_mut().expect("a project was just added");
    if polls > 0 {
        "createPending".clone_into(&mut made.state);
    }
    let operation = ProjectOperation { id: Uuid::new_v4(), project: made.id, polls };
    let url = format!("{}/_apis/operations/{}", call.base, operation.id);
    let value = json!({ "id": operation.id, "status": "queued", "url": url });
    organization.operations.push(operation);
    Ok(Response::json(StatusCode::ACCEPTED, &value))
}

fn get_operation(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let found = organization.operations.iter_mut().find(|one| one.id.to_string().eq_ignore_ascii_case(id));
    let operation = found.ok_or_else(|| refusals::operation_not_found(id))?;
    let over = operation.polls == 0;
    operation.polls = operation.polls.saturating_sub(1);
    let (operation, project) = (operation.id, operation.project);
    if over && let Some(position) = organization.project_position(&project.to_string()) {
        "wellFormed".clone_into(&mut organization.projects[position].state);
    }
    let url = format!("{}/_apis/operations/{operation}", call.base);
    Ok(Response::ok(&json!({
        "id": operation,
        "status": if over { "succeeded" } else { "inProgress" },
        "url": url,
        "_links": { "self": { "href": url } },
        "resultMessage": "",
    })))
}

fn list_processes(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let process = |(position, (name, id)): (usize, &(&str, &str))| -> Value {
        json!({
            "id": id,
            "name": name,
            "isDefault": position == 0,
            "type": if position < 4 { "system" } else { "inherited" },
            "url": format!("{}/_apis/process/processes/{id}", call.base),
        })
    };
    Ok(Response::list(PROCESSES.iter().enumerate().map(process).collect()))
}
