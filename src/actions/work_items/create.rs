//! `create work item`

use indexmap::IndexMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::prelude::*;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::fields::WantedFields;
use crate::actions::work_items::fields::WorkItemState;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests;
use crate::actions::work_items::requests::PATCH_MEDIA;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::WRITE_NEEDS;

/// Create a work item
///
/// A field that did not get the given value, such as one that a rule of the process sets, is named in the warning
/// `service.other_value`.
///
/// The request is sent once. When the response is lost, the action looks for the work item and compares all of it with
/// the request. An equal work item is returned with the warning `service.settled_by_content`; otherwise the action
/// fails with `service.outcome_unknown` and names the possible work items.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item type, such as `Bug` or `User Story`; the project's process defines the types
    r#type: WorkItemType,
    /// The title
    title: WorkItemTitle,
    /// The description, in HTML or Markdown
    #[serde(default)]
    description: Option<WorkItemText>,
    /// The state; the initial state of the type when it is not given
    #[serde(default)]
    state: Option<String>,
    /// The assignee: an e-mail address, or a unique name
    #[serde(default)]
    assigned_to: Option<PersonName>,
    /// The tags
    #[serde(default)]
    tags: Vec<Tag>,
    /// The area path, such as `Fabrikam\Web`; the root area of the project when it is not given
    #[serde(default)]
    area_path: Option<TreePath>,
    /// The iteration path, such as `Fabrikam\Sprint 1`; the root iteration of the project when it is not given
    #[serde(default)]
    iteration_path: Option<TreePath>,
    /// Other fields by their reference names, such as `Microsoft.VSTS.Common.Priority`
    #[serde(default)]
    fields: IndexMap<String, ParameterValue>,
    /// The fields whose long texts are given in Markdown, such as `System.Description`; other texts are HTML. A text that is
    /// Markdown stays Markdown
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    markdown_fields: Vec<FieldName>,
}

/// The service's template of a new work item
#[derive(Deserialize)]
struct Template {
    #[serde(default)]
    fields: Option<Document>,
}

pub(super) struct CreateWorkItem;

impl Action for CreateWorkItem {
    const NAME: &'static str = "create work item";
    const NODE: &'static str = r#"Create work item "{{title}}" of type {{type}}"#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("all given fields, and the defaults of the type in all others");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "title").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Report a failed release",
                inputs: serde_json::json!({
                    "type": "Bug",
                    "title": "The release of 1.0 has failed",
                    "description": "Stage Deploy: no room left",
                    "tags": ["release", "bot"],
                    "fields": { "Microsoft.VSTS.Common.Priority": 1 },
                }),
            },
            Example {
                title: "Create a bug with a description in Markdown",
                inputs: serde_json::json!({
                    "type": "Bug",
                    "title": "The page is empty",
                    "description": "1. Open the **start page**",
                    "markdownFields": ["System.Description"],
                }),
            },
            Example {
                title: "Create a task for the team",
                inputs: serde_json::json!({ "type": "User Story", "title": "Write the release notes" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let wanted = WantedFields::default()
            .with("System.Title", Some(input.title.as_str()))
            .with("System.Description", input.description.as_ref().map(WorkItemText::as_str))
            .with("System.State", input.state.as_deref())
            .with("System.AssignedTo", input.assigned_to.as_ref().map(PersonName::as_str))
            .with("System.AreaPath", input.area_path.as_ref().map(TreePath::as_str))
            .with("System.IterationPath", input.iteration_path.as_ref().map(TreePath::as_str))
            .with_tags((!input.tags.is_empty()).then_some(&input.tags))
            .with_fields(Self::NAME, &input.fields)?
            .with_markdown(Self::NAME, &input.markdown_fields)?;
        let session = cx.session(&input.session)?;
        let document: Vec<Operation<'_>> = wanted.creation().collect();
        let request = Request::post(&["wit", "workitems", &format!("${}", input.r#type.as_str())])
            .json(&document)?
            .sent_as(PATCH_MEDIA)
            .named(format!("create the {} \"{}\"", input.r#type, input.title))
            .needs(&Self::NEEDS)
            .missing(format!("the work item type \"{}\"", input.r#type));
        let send = async {
            let wire: WorkItemRecord = session.send(request).await?;
            wanted.compare_response(&session, &format!("the work item {}", wire.id), wire.state());
            Ok(wire.into_output(&session))
        };
        let search = |since| created(&session, &input, &wanted, since);
        let made = session.settle_creation("work item", send, search).await;
        match made {
            Err(error) => Err(with_similar_names(error, input.r#type.as_str(), types(&session)).await),
            made => made,
        }
    }
}

/// Returns the names of the project's work item types
async fn types(session: &OpenSession<'_>) -> Result<Vec<ResourceName>, Error> {
    let request =
        Request::get(&["wit", "workitemtypes"]).list().named("list the work item types").needs(&READ_NEEDS);
    session.send_list(request).await
}

/// Returns the work items since `since` that this request may have created
async fn created(
    session: &OpenSession<'_>,
    input: &Input,
    wanted: &WantedFields,
    since: OffsetDateTime,
) -> Result<Vec<Candidate<WorkItem>>, Error> {
    let quoted = |text: &str| text.replace('\'', "''");
    let wiql = format!(
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project \
         AND [System.WorkItemType] = '{}' AND [System.Title] = '{}' AND [System.CreatedBy] = @me \
         AND [System.CreatedDate] >= '{}'",
        quoted(input.r#type.as_str()),
        quoted(input.title.as_str()),
        since.format(&Rfc3339).unwrap_or_default(),
    );
    let operation = format!("look for the {} \"{}\"", input.r#type, input.title);
    let (ids, _) = requests::query_ids(session, &wiql, 50, &operation).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // The defaults of the type: without them no candidate can be compared completely.
    let path = ["wit", "workitems", &format!("${}", input.r#type.as_str())];
    let template =
        Request::get(&path).named(operation.as_str()).needs(&READ_NEEDS).missing("the work item type");
    let defaults: Option<Document> =
        session.send::<Template>(template).await.ok().and_then(|template| template.fields);
    let mut candidates = Vec::new();
    for id in ids {
        // It may have been changed since its creation.
        let path = ["wit", "workitems", &id.to_string(), "revisions", "1"];
        let first = Request::get(&path).named(operation.as_str()).needs(&READ_NEEDS).missing("the work item");
        let item: WorkItemRecord = session.send(first).await?;
        let compared =
            wanted.compare(item.state(), WorkItemState { fields: defaults.as_ref(), formats: None });
        candidates.extend(compared.candidate(item.into_output(session)));
    }
    Ok(candidates)
}
