//! The changes of a run: the commits since the run before it of the same pipeline and branch.

use serde_json::json;

use super::builds;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::git::ObjectId;

const CHANGES: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "54572c7b-bbd3-45d4-80dc-28be08941620",
    "changes",
    "build/builds/{buildId}/changes",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &CHANGES,
    "GET",
    "build/builds/{build}/changes",
    &["vso.build"],
    RequiredPermissions::VIEW_BUILDS,
    changes,
)];

/// The first run of a branch has its latest commit only.
fn changes(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, run) = builds::locate(organization, call)?;
    let project = &organization.projects[position];
    let run = &project.runs[run];
    let pipeline = project.pipeline(run.pipeline);
    let repository =
        pipeline.and_then(|known| project.repositories.iter().find(|one| one.id == known.repository));
    let Some(repository) = repository else { return Ok(Response::list(Vec::new())) };
    let is_earlier = |other: &&crate::state::pipelines::Run| {
        other.id < run.id && other.pipeline == run.pipeline && other.branch == run.branch
    };
    let before = project.runs.iter().rev().find(is_earlier);
    let known: Vec<ObjectId> = match before {
        Some(before) => repository.history(before.commit).map(|commit| commit.id).collect(),
        None => repository.history(run.commit).skip(1).map(|commit| commit.id).collect(),
    };
    let top = call.number("$top").unwrap_or(50);
    let own = repository.history(run.commit).filter(|commit| !known.contains(&commit.id)).take(top);
    let base = format!("{}/{}/_apis/git/repositories/{}/commits", call.base, project.id, repository.id);
    let shape = |commit: &crate::state::git::Commit| {
        json!({
            "id": commit.id.to_string(),
            "message": commit.message,
            "type": "TfsGit",
            "author": { "displayName": commit.author.name, "uniqueName": commit.author.email },
            "timestamp": shapes::moment(commit.author.at),
            "location": format!("{base}/{}", commit.id),
            "displayUri": format!("{}/{}/_git/{}/commit/{}", call.base, project.name, repository.name, commit.id),
        })
    };
    Ok(Response::list(own.map(shape).collect()))
}
