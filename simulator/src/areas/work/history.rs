//! The history of a work item: all revisions, and what each changed.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::work_items::WORK;
use super::work_items::at_revision;
use super::work_items::locate;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

const REVISIONS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "a00c85a5-80fa-4565-99c3-bcd2181434bb",
    "revisions",
    "wit/workItems/{id}/revisions/{revisionNumber}",
    3,
);
const UPDATES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "6570bf97-d02c-4a91-8d93-3abe9895b1a9",
    "updates",
    "wit/workItems/{id}/updates/{updateNumber}",
    4,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &REVISIONS,
        "GET",
        "wit/workitems/{id}/revisions",
        WORK,
        RequiredPermissions::READ_WORK,
        revisions,
    )
    .at(Placement::Either),
    Route::new(&UPDATES, "GET", "wit/workitems/{id}/updates", WORK, RequiredPermissions::READ_WORK, updates)
        .at(Placement::Either),
    Route::new(
        &UPDATES,
        "GET",
        "wit/workitems/{id}/updates/{update}",
        WORK,
        RequiredPermissions::READ_WORK,
        update,
    )
    .at(Placement::Either),
];

/// Every revision in the service's form, oldest first.
fn all(organization: &Organization, call: &Call<'_>) -> Result<Vec<Value>, Response> {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let item = &organization.projects[project].work_items[at];
    Ok((1..=item.rev).map(|rev| at_revision(organization, call, item, rev)).collect())
}

fn page(call: &Call<'_>, all: Vec<Value>) -> Response {
    let skip = call.number("$skip").unwrap_or(0);
    Response::list(all.into_iter().skip(skip).take(call.number("$top").unwrap_or(200)).collect())
}

fn revisions(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(page(call, all(organization, call)?))
}

fn updates(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(page(call, every_update(organization, call)?))
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let number: Option<u64> = call.captured[1].parse().ok();
    let all = every_update(organization, call)?;
    let found = all.into_iter().find(|one| one["id"].as_u64() == number);
    let place = format!("{}/{}", call.captured[0], call.captured[1]);
    found.map(|one| Response::ok(&one)).ok_or_else(|| refusals::work_item_not_found(&place))
}

/// For each revision, oldest first, the fields that differ from the one before.
fn every_update(organization: &Organization, call: &Call<'_>) -> Result<Vec<Value>, Response> {
    let all = all(organization, call)?;
    let nothing = Map::new();
    let mut updates = Vec::new();
    let mut before = &nothing;
    for (at, one) in all.iter().enumerate() {
        let after = one["fields"].as_object().unwrap_or(&nothing);
        let mut fields = Map::new();
        for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
            let mut change = json!({ "newValue": value });
            if let Some(old) = before.get(name) {
                change["oldValue"] = old.clone();
            }
            fields.insert(name.clone(), change);
        }
        for (name, value) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            fields.insert(name.clone(), json!({ "oldValue": value }));
        }
        let id = one["id"].clone();
        updates.push(json!({
            "id": at + 1,
            "workItemId": id,
            "rev": at + 1,
            "revisedBy": after.get("System.ChangedBy"),
            "revisedDate": all.get(at + 1).map_or(json!("9999-01-01T00:00:00Z"), |next| next["fields"]["System.ChangedDate"].clone()),
            "fields": fields,
            "url": format!("{}/_apis/wit/workItems/{id}/updates/{}", call.base, at + 1),
        }));
        before = after;
    }
    Ok(updates)
}
