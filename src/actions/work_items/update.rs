//! `update work item`

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::OpenSession;
use crate::actions::wire::Person;
use crate::actions::work_item_fields::Operation;
use crate::actions::work_item_fields::Wanted;
use crate::actions::work_items::PATCH_MEDIA;
use crate::actions::work_items::WRITE_NEEDS;
use crate::actions::work_items::Wire;
use crate::actions::work_items::WorkItem;
use crate::actions::work_items::one;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::ParameterValue;
use crate::contract::PersonName;
use crate::contract::SessionReference;
use crate::contract::Tag;
use crate::contract::TreePath;
use crate::contract::WorkItemId;
use crate::contract::WorkItemRevision;
use crate::contract::WorkItemText;
use crate::contract::WorkItemTitle;
use crate::devops::Request;

/// Change fields of a work item, or comment on it
///
/// Only what is given is changed, all of it or nothing. When somebody else changes the work item between its
/// reading and its writing, nothing is changed and the action fails with `resource.conflict`; with a revision that
/// was read earlier, also when it was changed since then.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The revision that is to be changed; the one that is there now when it is not given
    #[serde(default)]
    revision: Option<WorkItemRevision>,
    /// The new title
    #[serde(default)]
    title: Option<WorkItemTitle>,
    /// The new description, in HTML
    #[serde(default)]
    description: Option<WorkItemText>,
    /// The new state
    #[serde(default)]
    state: Option<String>,
    /// Whom it is assigned to from now on: an e-mail address, or a name that only one person has
    #[serde(default)]
    assigned_to: Option<PersonName>,
    /// Its tags from now on, in place of those it has; none given leaves them
    #[serde(default)]
    tags: Vec<Tag>,
    /// Its new area
    #[serde(default)]
    area_path: Option<TreePath>,
    /// Its new iteration
    #[serde(default)]
    iteration_path: Option<TreePath>,
    /// A comment for its discussion, in HTML
    #[serde(default)]
    comment: Option<WorkItemText>,
    /// Other fields by their reference names; an empty text empties one
    #[serde(default)]
    fields: IndexMap<String, ParameterValue>,
}

pub(super) struct UpdateWorkItem;

impl Action for UpdateWorkItem {
    const NAME: &'static str = "update work item";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Close a work item and say why",
            inputs: serde_json::json!({ "id": 1, "state": "Closed", "comment": "Released with 1.0" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        wanted(input).map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let wanted = wanted(&input)?;
        let session = cx.session(&input.session)?;
        let before = match input.revision {
            Some(revision) => revision.get(),
            None => revision(&session, input.id).await?,
        };
        let words = format!("update the work item {}", input.id);
        let changed = |now: &Wire| {
            // A comment leaves no trace in the fields: then only the caller's own next revision is the one.
            let own = input.comment.is_none() || (now.rev == Some(before + 1) && is_by_caller(&session, now));
            let there = now.fields.as_ref().is_some_and(|fields| wanted.are_in(fields));
            now.rev.is_some_and(|rev| rev > before) && there && own
        };
        let wire = write(&session, input.id, before, wanted.operations(), words, changed).await?;
        Ok(wire.shown(&session))
    }
}

/// What is to be changed
///
/// Errors: `input.invalid` for nothing, and for a field that cannot be.
fn wanted(input: &Input) -> Result<Wanted, Error> {
    let wanted = Wanted::default()
        .with("System.Title", input.title.as_ref().map(WorkItemTitle::as_str))
        .with("System.Description", input.description.as_ref().map(WorkItemText::as_str))
        .with("System.State", input.state.as_deref())
        .with("System.AssignedTo", input.assigned_to.as_ref().map(PersonName::as_str))
        .with("System.AreaPath", input.area_path.as_ref().map(TreePath::as_str))
        .with("System.IterationPath", input.iteration_path.as_ref().map(TreePath::as_str))
        .with("System.History", input.comment.as_ref().map(WorkItemText::as_str))
        .with_tags(&input.tags)
        .with_fields(UpdateWorkItem::NAME, &input.fields)?;
    if wanted.is_empty() {
        let message = "update work item: give at least one thing to change";
        return Err(Error::new(ErrorCode::InputInvalid, message));
    }
    Ok(wanted)
}

fn is_by_caller(session: &OpenSession<'_>, wire: &Wire) -> bool {
    let by: Option<Person> = wire.fields.as_ref().and_then(|fields| fields.get("System.ChangedBy"));
    by.and_then(|person| person.id)
        .is_some_and(|id| id.eq_ignore_ascii_case(&session.connection().identity().id))
}

/// The revision that a work item is at
pub(super) async fn revision(session: &OpenSession<'_>, id: WorkItemId) -> Result<u32, Error> {
    let wire: Wire = session.send(one(id, &WRITE_NEEDS)).await?;
    wire.rev.ok_or_else(|| {
        let message = format!("Could not change the work item {id}: the service does not say its revision");
        Error::new(ErrorCode::ServiceBadResponse, message)
    })
}

/// Changes a work item that is at this revision; when the answer is lost, `changed` says whether it was
pub(super) async fn write<'a>(
    session: &OpenSession<'_>,
    id: WorkItemId,
    revision: u32,
    operations: impl Iterator<Item = Operation<'a>>,
    words: String,
    changed: impl Fn(&Wire) -> bool,
) -> Result<Wire, Error> {
    let document: Vec<_> = [Operation::test_revision(revision)].into_iter().chain(operations).collect();
    let request = Request::patch(&["wit", "workitems", &id.to_string()])
        .query("$expand", "relations")
        .json(&document)?
        .sent_as(PATCH_MEDIA)
        .named(words)
        .needs(&WRITE_NEEDS)
        .missing(format!("the work item {id}"));
    let there = async {
        let now: Wire = session.send(one(id, &WRITE_NEEDS).query("$expand", "relations")).await?;
        Ok(Some(now).filter(|now| changed(now)))
    };
    session.reached(session.send(request), there).await.map_err(|error| match error.code() {
        ErrorCode::ResourceConflict => error
            .help("Somebody else changed it meanwhile. Read it again, and decide anew.")
            .with("revision", revision),
        _ => error,
    })
}
