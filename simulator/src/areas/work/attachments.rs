//! Attachments: uploaded first, then linked to a work item by a change of its relations.

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::work_items;
use crate::areas::build::archive;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Format;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::work::Attachment;

const ATTACHMENTS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "e07b5fa4-1499-494d-a496-64b860fd64ff",
    "attachments",
    "wit/attachments/{id}",
    4,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &ATTACHMENTS,
        "POST",
        "wit/attachments",
        work_items::WORK_WRITE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemWrite]),
        upload,
    )
    .at(Placement::Either),
    Route::new(
        &ATTACHMENTS,
        "GET",
        "wit/attachments/{id}",
        work_items::WORK,
        RequiredPermissions::READ_WORK,
        download,
    )
    .at(Placement::Either),
];

fn upload(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    work_items::project(organization, call)?;
    work_items::writer(organization, call)?;
    if !call.content_type.to_ascii_lowercase().starts_with("application/octet-stream") {
        return Err(refusals::media_not_supported(call.content_type));
    }
    let name = call.query("fileName").unwrap_or("file").to_owned();
    let attachment = Attachment { id: Uuid::new_v4(), name, content: call.body.to_vec() };
    let url = format!(
        "{}/_apis/wit/attachments/{}?fileName={}",
        call.base,
        attachment.id,
        percent_encoded(&attachment.name)
    );
    let response = json!({ "id": attachment.id, "url": url });
    organization.attachments.push(attachment);
    Ok(Response::json(StatusCode::CREATED, &response))
}

fn download(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    work_items::project(organization, call)?;
    let id = call.captured[0];
    let readable = !shapes::denied(organization, call, Permission::WorkItemRead);
    let found = organization.attachments.iter().find(|one| one.id.to_string().eq_ignore_ascii_case(id));
    let found = found.filter(|_| readable).ok_or_else(|| refusals::attachment_not_found(id))?;
    let name = call.query("fileName").unwrap_or(&found.name);
    let response = match call.format(Format::Bytes) {
        Format::Zip => {
            let packed = archive::zip([(found.name.clone(), &found.content[..])]);
            Response::new(StatusCode::OK, Content::Zip, packed)
        }
        _ => Response::new(StatusCode::OK, Content::Bytes, found.content.clone()),
    };
    Ok(if call.flag("download") { response.saved_as(name) } else { response })
}
