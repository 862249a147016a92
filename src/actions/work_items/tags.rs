//! One tag of a work item, added or removed at the revision that was read.

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::work_items::fields;
use crate::actions::work_items::fields::WantedFields;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::requests::read_request;
use crate::actions::work_items::requests::revision_of;
use crate::actions::work_items::requests::write_revision;

/// Returns the tags of a work item
pub(super) fn of(item: &WorkItemRecord) -> Vec<String> {
    let text = item.fields.as_ref().and_then(|all| fields::text(all, fields::TAGS));
    text.as_deref().map(fields::tags).unwrap_or_default()
}

/// Returns whether a tag is among others; letter case does not matter
pub(super) fn has(tags: &[String], tag: &Tag) -> bool {
    tags.iter().any(|known| known.to_lowercase() == tag.as_str().to_lowercase())
}

/// Changes the tags of a work item
///
/// `change` returns the new tags for the current ones, or `None` if nothing is to be changed. `is_so` tells whether tags
/// have the requested state. Errors: `resource.conflict` when someone else changes the work item in the meantime.
pub(super) async fn change(
    session: &OpenSession<'_>,
    id: WorkItemId,
    operation: &str,
    change: impl Fn(Vec<String>) -> Result<Option<Vec<String>>, Error>,
    is_so: impl Fn(&[String]) -> bool,
) -> Result<WorkItem, Error> {
    let before: WorkItemRecord = session.send(read_request(id, &WRITE_NEEDS)).await?;
    let Some(tags) = change(of(&before))? else { return Ok(before.into_output(session)) };
    let revision = revision_of(&before, id)?;
    let joined = tags.join("; ");
    let wanted = WantedFields::default().with(fields::TAGS, Some(&joined));
    let send = write_revision(session, id, revision, wanted.changes(), operation.to_owned());
    let lookup = async {
        let now: WorkItemRecord = session.send(read_request(id, &WRITE_NEEDS)).await?;
        Ok(Some(now).filter(|now| is_so(&of(now))))
    };
    let now = session.settle_state(send, lookup).await?;
    Differences::of(&format!("the work item {id}"))
        .state("the list of tags", "the requested one", is_so(&of(&now)))
        .warn(session);
    Ok(now.into_output(session))
}
