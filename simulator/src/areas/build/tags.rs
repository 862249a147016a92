//! Tags of builds.

use serde_json::json;

use super::builds;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::pipelines::Run;

const TAGS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "6e6114b2-8161-44c8-8f6c-c5505782427f",
    "tags",
    "build/builds/{buildId}/tags/{*tag}",
    3,
);

const EXECUTE: &[&str] = &["vso.build_execute"];
const WRITE: RequiredPermissions = RequiredPermissions::All(&[
    Permission::ReadProject,
    Permission::ViewBuilds,
    Permission::EditBuildQuality,
]);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &TAGS,
        "GET",
        "build/builds/{build}/tags",
        &["vso.build"],
        RequiredPermissions::VIEW_BUILDS,
        list,
    )
    .recorded(),
    Route::new(&TAGS, "POST", "build/builds/{build}/tags", EXECUTE, WRITE, add_all).recorded(),
    Route::new(&TAGS, "PUT", "build/builds/{build}/tags/{tag}", EXECUTE, WRITE, add).recorded(),
    Route::new(&TAGS, "DELETE", "build/builds/{build}/tags/{tag}", EXECUTE, WRITE, remove).recorded(),
];

fn shown(run: &Run) -> Response {
    Response::list(run.tags.iter().map(|tag| json!(tag)).collect())
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    Ok(shown(&organization.projects[project].runs[run]))
}

fn writable<'o>(organization: &'o mut Organization, call: &Call<'_>) -> Result<&'o mut Run, Response> {
    let (project, run) = builds::locate(organization, call)?;
    if shapes::denied(organization, call, Permission::EditBuildQuality) {
        return Err(builds::denied(organization, call, project, run, Permission::EditBuildQuality));
    }
    Ok(&mut organization.projects[project].runs[run])
}

fn put(run: &mut Run, tag: String) {
    if !run.tags.iter().any(|known| names::same(known, &tag)) {
        run.tags.push(tag);
    }
}

fn add_all(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let tags: Vec<String> = call.json_list("tags")?;
    let run = writable(organization, call)?;
    tags.into_iter().for_each(|tag| put(run, tag));
    Ok(shown(run))
}

fn add(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let run = writable(organization, call)?;
    put(run, call.captured[1].to_owned());
    Ok(shown(run))
}

fn remove(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let run = writable(organization, call)?;
    run.tags.retain(|known| !names::same(known, call.captured[1]));
    Ok(shown(run))
}
