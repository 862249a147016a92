//! Histories of build and release definitions: who changed them, and what was said about it.

use serde_json::json;

use super::definitions;
use super::releases;
use super::shapes;
use crate::call::Call;
use crate::required_permissions::RequiredPermissions;
use crate::response::Outcome;
use crate::response::Response;
use crate::route::Route;
use crate::state::Organization;

pub(super) const ROUTES: &[Route] = &[
    Route::of(
        "GET",
        "build/definitions/{definition}/revisions",
        &["vso.build"],
        RequiredPermissions::VIEW_PIPELINES,
        of_pipeline,
    ),
    Route::of(
        "GET",
        "release/definitions/{definition}/revisions",
        &["vso.release"],
        RequiredPermissions::VIEW_RELEASE_PIPELINES,
        of_release_pipeline,
    ),
];

/// The history of a definition, oldest first.
fn of_pipeline(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = definitions::locate(organization, call)?;
    let project = &organization.projects[position];
    let pipeline = &project.pipelines[pipeline];
    let shown = pipeline.revisions.iter().map(|revision| {
        let mut value = json!({
            "revision": revision.number,
            "name": revision.name,
            "changedBy": shapes::user(call, &organization.users[revision.by]),
            "changedDate": shapes::moment(revision.at),
            "changeType": revision.change_type(),
            "definitionUrl": format!(
                "{}/{}/_apis/build/Definitions/{}?revision={}",
                call.base, project.id, pipeline.id, revision.number
            ),
        });
        if let Some(comment) = &revision.comment {
            value["comment"] = json!(comment);
        }
        value
    });
    Ok(Response::list(shown.collect()))
}

/// The history of a definition, oldest first.
fn of_release_pipeline(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = releases::locate(organization, call, call.captured[0])?;
    let project = &organization.projects[position];
    let pipeline = &project.release_pipelines[pipeline];
    let shown = pipeline.revisions.iter().map(|revision| {
        json!({
            "definitionId": pipeline.id,
            "revision": revision.number,
            "definitionUrl": format!(
                "{}/{}/_apis/Release/definitions/{}/revisions/{}",
                call.base, project.id, pipeline.id, revision.number
            ),
            "changedBy": shapes::user(call, &organization.users[revision.by]),
            "changedDate": shapes::moment(revision.at),
            "changeType": revision.change_type(),
            "comment": revision.comment,
        })
    });
    Ok(Response::list(shown.collect()))
}
