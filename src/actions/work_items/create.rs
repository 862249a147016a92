//! `create work item`

use indexmap::IndexMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::prelude::*;
use crate::actions::shared::not_found::Named;
use crate::actions::shared::not_found::with_near;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::fields::WantedFields;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests;
use crate::actions::work_items::requests::PATCH_MEDIA;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::WRITE_NEEDS;

/// Create a work item
///
/// The request is sent once: when its response is lost, the work item is looked for and compared whole with what was
/// sent. One that is equal is returned with the warning `service.settled_by_content`; else the action fails with
/// `service.outcome_unknown` and names what it can have made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item type, as `Bug` or `User Story`; which there are depends on the project's process
    r#type: WorkItemType,
    /// The title
    title: WorkItemTitle,
    /// The description, in HTML
    #[serde(default)]
    description: Option<WorkItemText>,
    /// The state, unless it is the one that a new work item has
    #[serde(default)]
    state: Option<String>,
    /// Whom it is assigned to: an e-mail address, or a name that only one person has
    #[serde(default)]
    assigned_to: Option<PersonName>,
    /// Its tags
    #[serde(default)]
    tags: Vec<Tag>,
    /// Its area, as `Fabrikam\Web`; the project's own when it is not given
    #[serde(default)]
    area_path: Option<TreePath>,
    /// Its iteration, as `Fabrikam\Sprint 1`; the project's own when it is not given
    #[serde(default)]
    iteration_path: Option<TreePath>,
    /// Other fields by their reference names, as `Microsoft.VSTS.Common.Priority`
    #[serde(default)]
    fields: IndexMap<String, ParameterValue>,
}

/// A new work item as the service fills it in
#[derive(Deserialize)]
struct Template {
    #[serde(default)]
    fields: Option<Document>,
}

pub(super) struct CreateWorkItem;

impl Action for CreateWorkItem {
    const NAME: &'static str = "create work item";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("every field that was given, and the type's defaults in all others");
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Write down that a release has failed",
                inputs: serde_json::json!({
                    "type": "Bug",
                    "title": "The release of 1.0 has failed",
                    "description": "Stage Deploy: no room left",
                    "tags": ["release", "bot"],
                    "fields": { "Microsoft.VSTS.Common.Priority": 1 },
                }),
            },
            Example {
                title: "Ask for something to be done",
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
            .with_tags(&input.tags)
            .with_fields(Self::NAME, &input.fields)?;
        let session = cx.session(&input.session)?;
        let document: Vec<Operation<'_>> = wanted.operations().collect();
        let request = Request::post(&["wit", "workitems", &format!("${}", input.r#type.as_str())])
            .json(&document)?
            .sent_as(PATCH_MEDIA)
            .named(format!("create the {} \"{}\"", input.r#type, input.title))
            .needs(&Self::NEEDS)
            .missing(format!("the work item type \"{}\"", input.r#type));
        let send = async { Ok(session.send::<WorkItemRecord>(request).await?.shown(&session)) };
        let look = |since| created(&session, &input, &wanted, since);
        let made = session.settled("work item", send, look).await;
        match made {
            Err(error) => Err(with_near(error, input.r#type.as_str(), types(&session)).await),
            made => made,
        }
    }
}

/// The names of the project's work item types
async fn types(session: &OpenSession<'_>) -> Result<Vec<Named>, Error> {
    let request =
        Request::get(&["wit", "workitemtypes"]).list().named("list the work item types").needs(&READ_NEEDS);
    session.send_list(request).await
}

/// The work items that such a request can have made since then
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
    let words = format!("look for the {} \"{}\"", input.r#type, input.title);
    let (ids, _) = requests::ids(session, &wiql, 50, &words).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // What a new one of the type has where nothing is given; without it no candidate can be compared whole.
    let place = ["wit", "workitems", &format!("${}", input.r#type.as_str())];
    let template =
        Request::get(&place).named(words.as_str()).needs(&READ_NEEDS).missing("the work item type");
    let defaults: Option<Document> =
        session.send::<Template>(template).await.ok().and_then(|template| template.fields);
    let mut candidates = Vec::new();
    for id in ids {
        // It may have been changed since it was made.
        let place = ["wit", "workitems", &id.to_string(), "revisions", "1"];
        let first = Request::get(&place).named(words.as_str()).needs(&READ_NEEDS).missing("the work item");
        let item: WorkItemRecord = session.send(first).await?;
        let compared = match &item.fields {
            Some(fields) => wanted.compare(fields, defaults.as_ref()),
            None => Comparison::default(),
        };
        candidates.extend(compared.candidate(item.shown(session)));
    }
    Ok(candidates)
}
