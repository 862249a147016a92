//! Imports into an empty repository. Nothing is downloaded: the content comes from the simulator.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::git::Import;
use crate::state::git::MAIN;
use crate::state::git::Repository;

const CODE: &[&str] = &["vso.code"];

const IMPORT_REQUESTS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "01828ddc-3600-4a41-8633-99b3a73a0eb3",
    "importRequests",
    "git/repositories/{repositoryId}/importRequests/{importRequestId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &IMPORT_REQUESTS,
        "POST",
        "git/repositories/{repository}/importRequests",
        &["vso.code_manage"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::GenericContribute,
        ]),
        create,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &IMPORT_REQUESTS,
        "GET",
        "git/repositories/{repository}/importRequests",
        CODE,
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &IMPORT_REQUESTS,
        "GET",
        "git/repositories/{repository}/importRequests/{import}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .recorded()
    .at(Placement::Either),
];

#[derive(Deserialize)]
struct NewImport {
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    git_source: Option<GitSource>,
}

#[derive(Deserialize)]
struct GitSource {
    url: String,
    #[serde(default)]
    overwrite: bool,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewImport = call.json("importRequest")?;
    let source = body.parameters.and_then(|parameters| parameters.git_source);
    let Some(GitSource { url, overwrite }) = source else { return Err(refusals::body_missing("gitSource")) };
    let (project, position) = locate_enabled(organization, call)?;
    shapes::allow_in(organization, call, (project, position), Permission::GenericContribute)?;
    let polls = organization.settings.switches.unfinished_for;
    let user = &organization.users[0];
    let (name, email) = (user.name.clone(), user.email.clone());
    // The address of a repository in the project imports its content, and any other address a single file, since
    // nothing leaves the machine. A host in `.invalid` fails.
    let host = url.split('/').nth(2).unwrap_or_default();
    let failure = host.ends_with(".invalid").then(|| format!("The source {url} could not be reached."));
    let there =
        url.rsplit_once("/_git/").and_then(|(_, name)| organization.projects[project].repository(name));
    let mut filled = Repository::new("");
    match there {
        Some(there) => filled.copy_of(there),
        None => {
            let readme = format!("Imported from {url}\n");
            filled.fill(MAIN, &BTreeMap::from([("/README.md".to_owned(), readme)]), &name, &email);
        }
    }
    let repository = &mut organization.projects[project].repositories[position];
    if !repository.refs.is_empty() {
        return Err(refusals::import_into_filled(&repository.name));
    }
    if failure.is_none() {
        repository.copy_of(&filled);
    }
    let id = u32::try_from(repository.imports.len()).unwrap_or(u32::MAX) + 1;
    repository.imports.push(Import { id, url, overwrite, polls, failure });
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let mut value = shape(call, project, repository, &repository.imports[repository.imports.len() - 1]);
    value["status"] = json!("queued");
    Ok(Response::json(StatusCode::CREATED, &value))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let imports = repository.imports.iter();
    Ok(Response::list(imports.map(|import| shape(call, project, repository, import)).collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let name = call.captured[1];
    let imports = &mut organization.projects[project].repositories[position].imports;
    let found = imports.iter().position(|import| import.id.to_string() == name);
    let at = found.ok_or_else(|| refusals::import_not_found(name))?;
    let seen = &organization.projects[project];
    let value = shape(call, seen, &seen.repositories[position], &seen.repositories[position].imports[at]);
    let import = &mut organization.projects[project].repositories[position].imports[at];
    import.polls = import.polls.saturating_sub(1);
    Ok(Response::ok(&value))
}

fn shape(call: &Call<'_>, project: &Project, repository: &Repository, import: &Import) -> Value {
    let status = match &import.failure {
        _ if import.polls > 0 => "inProgress",
        Some(_) => "failed",
        None => "completed",
    };
    let mut value = json!({
        "importRequestId": import.id,
        "repository": shapes::repository_part(call, project, repository),
        "parameters": { "tfvcSource": null, "gitSource": { "url": import.url, "overwrite": import.overwrite } },
        "status": status,
        "detailedStatus": { "currentStep": 1, "allSteps": ["Processing request", "Finished"] },
    });
    let repository = value["repository"]["url"].as_str().unwrap_or_default().to_owned();
    let url = format!("{repository}/importRequests/{}", import.id);
    value["_links"] = shapes::links([("self", url.clone()), ("repository", repository)]);
    value["url"] = json!(url);
    if let (Some(failure), "failed") = (&import.failure, status) {
        value["detailedStatus"]["errorMessage"] = json!(failure);
    }
    value
}
