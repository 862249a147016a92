//! The content of a file by its identifier.

use axum::http::StatusCode;
use serde_json::json;

use super::repositories::locate_enabled;
use crate::areas::build::archive;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Format;
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
    match call.format(Format::Bytes) {
        Format::Json => {
            let base = format!("{}/{project_id}/_apis/git/repositories/{}", call.base, repository.id);
            let url = format!("{base}/blobs/{}", blob.id);
            let links = shapes::links([("self", url.clone()), ("repository", base)]);
            Ok(Response::ok(&json!({
                "objectId": blob.id.to_string(), "size": blob.content.len(), "url": url, "_links": links,
            })))
        }
        Format::Text => Ok(Response::new(StatusCode::OK, Content::Text, blob.content.to_vec())),
        Format::Zip => {
            let packed = archive::zip([(blob.id.to_string(), &*blob.content)]);
            Ok(Response::new(StatusCode::OK, Content::Zip, packed))
        }
        Format::Bytes => Ok(Response::new(StatusCode::OK, Content::Bytes, blob.content.to_vec())),
    }
}
