//! `update work item`

use indexmap::IndexMap;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;
use crate::actions::work_items::fields::WantedFields;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::requests::current_revision;
use crate::actions::work_items::requests::write_revision;

/// Change fields of a work item, or comment on it
///
/// All given inputs are changed together, and the others stay. When someone else changes the work item while the action
/// runs, nothing changes and the action fails with `resource.conflict`. With a revision that was read earlier, this
/// also covers changes since then.
///
/// A field that did not get the given value, such as one that a rule of the process sets, is named in the warning
/// `service.other_value`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The revision to change; the current revision when it is not given
    #[serde(default)]
    revision: Option<WorkItemRevision>,
    /// The new title
    #[serde(default)]
    title: Option<WorkItemTitle>,
    /// The new description, in HTML or Markdown
    #[serde(default)]
    description: Option<WorkItemText>,
    /// The new state
    #[serde(default)]
    state: Option<String>,
    /// The new assignee: an e-mail address, or a unique name
    #[serde(default)]
    assigned_to: Option<PersonName>,
    /// The new tags, which replace the current ones; an empty list removes all tags
    #[serde(default)]
    tags: Option<Vec<Tag>>,
    /// The new area path
    #[serde(default)]
    area_path: Option<TreePath>,
    /// The new iteration path
    #[serde(default)]
    iteration_path: Option<TreePath>,
    /// A comment for the discussion, in HTML
    #[serde(default)]
    comment: Option<WorkItemText>,
    /// Other fields by their reference names; an empty text clears a field
    #[serde(default)]
    fields: IndexMap<String, ParameterValue>,
    /// The fields whose long texts are given in Markdown, such as `System.Description`; other texts are HTML. A text that is
    /// Markdown stays Markdown
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    markdown_fields: Vec<FieldName>,
}

pub(super) struct UpdateWorkItem;

impl Action for UpdateWorkItem {
    const NAME: &'static str = "update work item";
    const NODE: &'static str = "Update work item {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the next revision: its author, its comment, and all given fields");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Close a work item with a comment",
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
            None => current_revision(&session, input.id).await?,
        };
        let operation = format!("update the work item {}", input.id);
        let send = async {
            let wire = write_revision(&session, input.id, before, wanted.changes(), operation).await?;
            wanted.compare_response(&session, &format!("the work item {}", input.id), wire.state());
            Ok(Revision::of(wire, &session))
        };
        let search = |_| candidates(&session, input.id, before, &wanted);
        session.settle_creation("work item revision", send, search).await.map(|revision| revision.item)
    }
}

/// Returns the fields to change
///
/// Errors: `input.invalid` if there are none, or for an invalid field.
fn wanted(input: &Input) -> Result<WantedFields, Error> {
    let wanted = WantedFields::default()
        .with("System.Title", input.title.as_ref().map(WorkItemTitle::as_str))
        .with("System.Description", input.description.as_ref().map(WorkItemText::as_str))
        .with("System.State", input.state.as_deref())
        .with("System.AssignedTo", input.assigned_to.as_ref().map(PersonName::as_str))
        .with("System.AreaPath", input.area_path.as_ref().map(TreePath::as_str))
        .with("System.IterationPath", input.iteration_path.as_ref().map(TreePath::as_str))
        .with("System.History", input.comment.as_ref().map(WorkItemText::as_str))
        .with_tags(input.tags.as_deref())
        .with_fields(UpdateWorkItem::NAME, &input.fields)?
        .with_markdown(UpdateWorkItem::NAME, &input.markdown_fields)?;
    if wanted.is_empty() {
        let message = "update work item: give at least one input to change";
        return Err(Error::new(ErrorCode::InputInvalid, message));
    }
    Ok(wanted)
}

/// A revision of a work item, made by a change
struct Revision {
    item: WorkItem,
    by: Option<String>,
}

impl Revision {
    fn of(wire: WorkItemRecord, session: &OpenSession<'_>) -> Self {
        let by: Option<Person> = wire.fields.as_ref().and_then(|fields| fields.get("System.ChangedBy"));
        Revision { item: wire.into_output(session), by: by.and_then(|person| person.id) }
    }
}

impl Created for Revision {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.item.changed_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.by.as_deref()
    }

    fn label(&self) -> String {
        let revision = self.item.revision.unwrap_or_default();
        format!("revision {revision} of the work item {}", self.item.id)
    }

    fn link(&self) -> Option<&str> {
        Some(&self.item.web_url)
    }
}

/// Returns the next revision, if there is one; the request cannot have made any other
async fn candidates(
    session: &OpenSession<'_>,
    id: WorkItemId,
    before: u32,
    wanted: &WantedFields,
) -> Result<Vec<Candidate<Revision>>, Error> {
    let read = |revision: u32| {
        let path = ["wit", "workitems", &id.to_string(), "revisions", &revision.to_string()];
        let request =
            Request::get(&path).named(format!("read the revision {revision} of the work item {id}"));
        session
            .send::<WorkItemRecord>(request.needs(&WRITE_NEEDS).missing(format!("the revision {revision}")))
    };
    let next = match read(before + 1).await {
        Err(error) if error.code() == ErrorCode::ResourceNotFound => return Ok(Vec::new()),
        next => next?,
    };
    let former = read(before).await?;
    let compared = wanted.compare(next.state(), former.state());
    Ok(compared.candidate(Revision::of(next, session)).into_iter().collect())
}
