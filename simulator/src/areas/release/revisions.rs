//! The history of release definitions: authors and comments.

use serde_json::json;

use super::definitions;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;

const REVISIONS: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "258b82e0-9d41-43f3-86d6-fef14ddd44bc",
    "revisions",
    "release/definitions/{definitionId}/revisions/{revision}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &REVISIONS,
    "GET",
    "release/definitions/{definition}/revisions",
    &["vso.release"],
    RequiredPermissions::VIEW_RELEASE_PIPELINES,
    list,
)];

/// Lists the history of a definition, oldest first.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = definitions::locate(organization, call, call.captured[0])?;
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
