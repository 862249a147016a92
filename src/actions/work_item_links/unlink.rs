//! `unlink work item`

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::work_item_links::end::LinkEnd;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::model::Relation;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::requests::read_request;
use crate::actions::work_items::requests::revision_of;
use crate::actions::work_items::requests::write_revision;

/// Remove a link of a work item
///
/// Give the other work item, or the URL of the link as List work item links returns it. If several links match, the
/// action fails with `input.invalid`; the link type then decides. For a link between work items, the service removes
/// the other direction too.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The link type, such as `Parent` or `Pull Request`; any type when it is not given
    #[serde(default)]
    link_type: Option<LinkTypeName>,
    /// The other work item, by its id
    #[serde(default)]
    work_item: Option<WorkItemId>,
    /// The URL of the link, as List work item links returns it
    #[serde(default)]
    url: Option<HyperlinkUrl>,
}

pub(super) struct UnlinkWorkItem;

impl Action for UnlinkWorkItem {
    const NAME: &'static str = "unlink work item";
    const NODE: &'static str = "Unlink work item {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::InputInvalid,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the work item has no such link");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Remove the link to another work item",
            inputs: serde_json::json!({ "id": 1, "workItem": 2 }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.work_item.is_some() == input.url.is_some() {
            let message = "unlink work item: give one of workItem and url";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let session = cx.session(&input.session)?;
        let read = || {
            session.send::<WorkItemRecord>(read_request(input.id, &Self::NEEDS).query("$expand", "relations"))
        };
        let before = read().await?;
        let (at, name) = match matching(&before, &input).as_slice() {
            [one] => one.clone(),
            [] => return Err(missing(&before, &input)),
            several => {
                let names =
                    several.iter().map(|(_, name)| printable(name, 256)).collect::<Vec<_>>().join(", ");
                let message = format!("the work item {} has {} such links", input.id, several.len());
                return Err(Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("Give the link type of one of them: {names}."))
                    .with("candidates", names));
            }
        };
        let revision = revision_of(&before, input.id)?;
        let operation = format!("remove a link of the type \"{name}\" from the work item {}", input.id);
        let remove = [Operation::unlink(at)];
        let send = write_revision(&session, input.id, revision, remove.into_iter(), operation);
        let lookup = async { Ok(Some(read().await?).filter(|now| matching(now, &input).is_empty())) };
        let now = session.settle_state(send, lookup).await?;
        Differences::of(&format!("the work item {}", input.id))
            .state("the link", "removed", matching(&now, &input).is_empty())
            .warn(&session);
        Ok(now.into_output(&session))
    }
}

/// Returns the positions of the links that match the inputs, and the names of their types
fn matching(item: &WorkItemRecord, input: &Input) -> Vec<(usize, String)> {
    let is_wanted = |relation: &Relation| {
        let is_target = match (&input.work_item, &input.url) {
            (Some(id), _) => matches!(LinkEnd::of(relation), LinkEnd::WorkItem(known) if known == id.get()),
            (None, Some(url)) => {
                relation.url.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(url.as_str()))
            }
            (None, None) => false,
        };
        let is_type = |name: &LinkTypeName| {
            type_names(relation).any(|known| known.to_lowercase() == name.as_str().to_lowercase())
        };
        is_target && input.link_type.as_ref().is_none_or(is_type)
    };
    let all = item.relations.iter().flatten().enumerate().filter(|(_, relation)| is_wanted(relation));
    all.map(|(at, relation)| (at, type_names(relation).next().unwrap_or_default().to_owned())).collect()
}

/// Returns the name and the reference name of a link's type
fn type_names(relation: &Relation) -> impl Iterator<Item = &str> {
    let name = relation.attributes.as_ref().and_then(|attributes| attributes.name.as_deref());
    [name, relation.rel.as_deref()].into_iter().flatten()
}

/// Returns the error for a link that does not exist, with the types of the links that do
fn missing(item: &WorkItemRecord, input: &Input) -> Error {
    let target = match (&input.work_item, &input.url) {
        (Some(id), _) => format!("to the work item {id}"),
        (None, url) => {
            format!("with the URL \"{}\"", url.as_ref().map(ToString::to_string).unwrap_or_default())
        }
    };
    let of_type = input.link_type.as_ref().map(|name| format!(" of the type \"{name}\""));
    let message = format!("the work item {} has no link{} {target}", input.id, of_type.unwrap_or_default());
    let error = Error::new(ErrorCode::ResourceNotFound, message)
        .help("List work item links returns the links of the work item.");
    let given = input.link_type.as_ref().map(LinkTypeName::as_str).unwrap_or_default();
    let known: Vec<&str> = item.relations.iter().flatten().filter_map(|one| type_names(one).next()).collect();
    match near_names(given, known).as_slice() {
        [] => error,
        near => error.with("near", format!("\"{}\"", near.join("\", \""))),
    }
}
