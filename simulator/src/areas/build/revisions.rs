//! The history of build definitions: authors and comments.

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
    &service_areas::BUILD,
    "7c116775-52e5-453e-8c5d-914d9762d8c4",
    "revisions",
    "build/definitions/{definitionId}/revisions",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &REVISIONS,
    "GET",
    "build/definitions/{definition}/revisions",
    &["vso.build"],
    RequiredPermissions::VIEW_PIPELINES,
    list,
)];

/// Lists the history of a definition, oldest first.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
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
