//! The content of a file by its identifier.

use axum::http::StatusCode;
use serde_json::json;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

const BLOBS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "7b28e929-2c99-405d-9c5c-6167a06e6816",
    "blobs",
    "git/repositories/{repositoryId}/blobs/{sha1}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &BLOBS,
    "GET",
    "git/repositories/{repository}/blobs/{sha1}",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    blob,
)
.at(Placement::Either)];

/// `$format` decides the form, and without it `Accept`: a description, or the content.
fn blob(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    let project_id = organization.projects[project].id;
    let repository = &organization.projects[project].repositories[repository];
    let id = call.captured[1];
    let found = id.parse().ok().and_then(|id| repository.blob(id));
    let blob = found.ok_or_else(|| refusals::object_not_found(id, &repository.name))?;
    let wanted = call.query("$format").map(str::to_ascii_lowercase);
    let is_json = match wanted.as_deref() {
        Some(format) => format == "json",
        None => call.accept.contains("application/json"),
    };
    if is_json {
        let url =
            format!("{}/{project_id}/_apis/git/repositories/{}/blobs/{}", call.base, repository.id, blob.id);
        let value = json!({ "objectId": blob.id.to_string(), "size": blob.content.len(), "url": url });
        return Ok(Response::ok(&value));
    }
    let kind = if wanted.as_deref() == Some("text") { Content::Text } else { Content::Bytes };
    Ok(Response::new(StatusCode::OK, kind, blob.content.to_vec()))
}
