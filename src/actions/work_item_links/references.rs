//! References to work items in other areas of the service, and the work items that they name.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::actions::prelude::*;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::items;

/// A reference to a work item; its id is a number in one area of the service and a text in the others
#[derive(Deserialize)]
pub(super) struct WorkItemReference {
    #[serde(default)]
    id: Option<ReferencedId>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ReferencedId {
    Number(u32),
    Text(String),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactQuery<'a> {
    artifact_uris: [&'a str; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLinks {
    #[serde(default)]
    artifact_uris_query_result: Option<HashMap<String, Option<Vec<WorkItemReference>>>>,
}

/// Returns the work items with a link to another part of the service: `vstfs:///Build/Build/7`
pub(super) async fn linked_to(
    session: &OpenSession<'_>,
    uri: &str,
    operation: &str,
) -> Result<Vec<WorkItemReference>, Error> {
    let request = Request::post(&["wit", "artifacturiquery"])
        .asks()
        .json(&ArtifactQuery { artifact_uris: [uri] })?
        .named(operation)
        .needs(&READ_NEEDS);
    let found: ArtifactLinks = session.send(request).await?;
    Ok(found
        .artifact_uris_query_result
        .into_iter()
        .flatten()
        .filter_map(|(_, found)| found)
        .flatten()
        .collect())
}

/// Returns the work items of references up to the limit, each once, without deleted or invisible ones
pub(super) async fn read(
    session: &OpenSession<'_>,
    references: Vec<WorkItemReference>,
    limit: Limit,
    raw: bool,
    operation: &str,
) -> Result<Page<WorkItem>, Error> {
    let id = |reference: WorkItemReference| match reference.id? {
        ReferencedId::Number(id) => Some(id),
        ReferencedId::Text(id) => id.parse().ok(),
    };
    let mut seen = HashSet::new();
    let ids = references.into_iter().filter_map(id).filter(|id| seen.insert(*id)).collect();
    let page = session.cut(ids, limit);
    let items = items(session, &page.items, &[], raw, operation).await?;
    Ok(Page { items, more: page.more })
}
