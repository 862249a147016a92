//! Requests for work items that several actions send.

use std::collections::HashMap;

use crate::actions::prelude::*;
use crate::actions::work_items::date_literals::has_time;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;

/// The media type of a JSON Patch document
pub(crate) const PATCH_MEDIA: &str = "application/json-patch+json";

/// The needs of reading work items
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_WORK_ITEMS], scope: Some(Scope::WorkRead) };

/// The needs of writing them
pub(crate) const WRITE_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_WORK_ITEMS], scope: Some(Scope::WorkWrite) };

/// Returns the request that reads a work item by its id
pub(crate) fn read_request(id: WorkItemId, needs: &Needs) -> Request<'static> {
    Request::get(&["wit", "workitems", &id.to_string()])
        .named(format!("read the work item {id}"))
        .needs(needs)
        .missing(format!("the work item {id}"))
}

/// Returns the current revision of a work item
pub(crate) async fn current_revision(session: &OpenSession<'_>, id: WorkItemId) -> Result<u32, Error> {
    let wire: WorkItemRecord = session.send(read_request(id, &WRITE_NEEDS)).await?;
    revision_of(&wire, id)
}

/// Returns the revision of a work item that was read
///
/// Errors: `service.bad_response` if it has none.
pub(crate) fn revision_of(wire: &WorkItemRecord, id: WorkItemId) -> Result<u32, Error> {
    wire.rev.ok_or_else(|| {
        let message = format!("Could not change the work item {id}: the response has no revision");
        Error::new(ErrorCode::ServiceBadResponse, message)
    })
}

/// Changes a work item if it is at this revision
pub(crate) async fn write_revision<'a>(
    session: &OpenSession<'_>,
    id: WorkItemId,
    revision: u32,
    operations: impl Iterator<Item = Operation<'a>>,
    operation: String,
) -> Result<WorkItemRecord, Error> {
    let document: Vec<_> = [Operation::test_revision(revision)].into_iter().chain(operations).collect();
    let request = Request::patch(&["wit", "workitems", &id.to_string()])
        .query("$expand", "relations")
        .json(&document)?
        .sent_as(PATCH_MEDIA)
        .named(operation)
        .needs(&WRITE_NEEDS)
        .missing(format!("the work item {id}"));
    session.send(request).await.map_err(|error| match error.code() {
        ErrorCode::ResourceConflict => error
            .help("Someone else changed it in the meantime. Read it again before you change it.")
            .with("revision", revision),
        _ => error,
    })
}

/// The maximum number of results that a query requests
///
/// The service refuses a query with more than 20,000 results (VS402337), unless it requests fewer than that.
const MOST: usize = 19_999;

#[derive(Serialize)]
struct Wiql<'a> {
    query: &'a str,
}

/// The result of a query: work items, or links between them
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    #[serde(default)]
    work_items: Option<Vec<Reference>>,
    #[serde(default)]
    work_item_relations: Option<Vec<Link>>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    id: Option<u32>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    target: Option<Reference>,
}

/// Returns the ids that a query finds, each once, up to a maximum, and whether these are all
pub(crate) async fn query_ids(
    session: &OpenSession<'_>,
    query: &str,
    most: usize,
    operation: &str,
) -> Result<(Vec<u32>, bool), Error> {
    let top = most.min(MOST);
    let mut request = Request::post(&["wit", "wiql"]).asks().query("$top", &top.to_string());
    if has_time(query) {
        request = request.query("timePrecision", "true");
    }
    let request = request.json(&Wiql { query })?.named(operation).needs(&READ_NEEDS);
    let found: Found = session.send(request).await?;
    let ends = found.work_item_relations.unwrap_or_default().into_iter().filter_map(|link| link.target);
    let mut ids: Vec<u32> =
        found.work_items.unwrap_or_default().into_iter().chain(ends).filter_map(|one| one.id).collect();
    let all = ids.len() < MOST;
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok((ids, all))
}

/// The service's page size for work items
const CHUNK: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Batch<'a> {
    ids: &'a [u32],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'a str>,
    error_policy: &'static str,
}

/// Returns work items by their ids, in this order, without deleted or invisible ones
pub(crate) async fn items(
    session: &OpenSession<'_>,
    ids: &[u32],
    fields: &[FieldName],
    raw: bool,
    operation: &str,
) -> Result<Vec<WorkItem>, Error> {
    let mut items = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let body =
            Batch { ids, fields: fields.iter().map(FieldName::as_str).collect(), error_policy: "omit" };
        let request = Request::post(&["wit", "workitemsbatch"])
            .asks()
            .list()
            .json(&body)?
            .named(operation)
            .needs(&READ_NEEDS);
        let page = session.send_records::<Option<WorkItemRecord>>(request, Limit::default(), raw).await?;
        let shown = page.items.into_iter().flatten().map(|wire| (wire.id, wire.into_output(session)));
        let mut found: HashMap<u32, WorkItem> = shown.collect();
        items.extend(ids.iter().filter_map(|id| found.remove(id)));
    }
    Ok(items)
}
