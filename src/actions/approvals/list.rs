//! `list pipeline approvals`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::OpenSession;
use crate::actions::approvals::PREVIEW;
use crate::actions::pipeline_runs::waiting_approvals;
use crate::actions::wire::NamedReference;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::RunId;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Page;
use crate::devops::Record;
use crate::devops::Request;

/// List the approvals that pipeline runs wait for
///
/// Those of YAML pipelines, which environments and other resources ask for; List release approvals has those of classic
/// releases.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only those of this pipeline run, by its id
    #[serde(default)]
    run: Option<RunId>,
    /// How many approvals at most
    #[serde(default)]
    limit: Limit,
    /// Whether each approval also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// The pending approvals
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The approvals, in the service's order
    approvals: Vec<Approval>,
    /// Whether there are more than the limit let through
    more: bool,
}

/// An approval that a pipeline run waits for
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Approval {
    /// The approval's id
    pub(super) id: String,
    /// Where it is: pending, approved, rejected, canceled, timedOut, skipped
    pub(super) status: String,
    /// The pipeline run's id, where the service says it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run_id: Option<u32>,
    /// The pipeline run's name
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    /// The pipeline's name
    #[serde(skip_serializing_if = "Option::is_none")]
    pipeline: Option<String>,
    /// Who is asked
    approvers: Vec<String>,
    /// What they are told
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    /// Since when it waits
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// What those who are asked have answered
    #[serde(skip)]
    pub(super) steps: Vec<ApprovalStep>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    steps: Option<Vec<ApprovalStep>>,
    #[serde(default)]
    instructions: Option<String>,
    #[serde(default)]
    created_on: Option<String>,
    /// Not in the published description, but answered
    #[serde(default)]
    pipeline: Option<PipelineWire>,
}

/// What one of those who are asked has answered
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApprovalStep {
    #[serde(default)]
    assigned_approver: Option<Person>,
    #[serde(default)]
    actual_approver: Option<Person>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    comment: Option<String>,
}

impl ApprovalStep {
    /// Whether this user has answered so; of a group that is asked the service names the one who answered
    pub(super) fn is_of(&self, user: &str, status: &str, comment: &str) -> bool {
        let by = self.actual_approver.as_ref().or(self.assigned_approver.as_ref());
        by.and_then(|person| person.id.as_deref()).is_some_and(|id| id.eq_ignore_ascii_case(user))
            && self.status.as_deref() == Some(status)
            && self.comment.as_deref().unwrap_or_default() == comment
    }
}

#[derive(Default, Deserialize)]
struct PipelineWire {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    owner: Option<NamedReference>,
}

impl<'de> Deserialize<'de> for Approval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let pipeline = wire.pipeline.unwrap_or_default();
        let owner = pipeline.owner.unwrap_or_default();
        let steps = wire.steps.unwrap_or_default();
        let asked = steps.iter().filter_map(|step| step.assigned_approver.as_ref()?.display_name.clone());
        let approvers = asked.collect();
        Ok(Approval {
            id: wire.id,
            status: wire.status.unwrap_or_else(|| "undefined".to_owned()),
            run_id: owner.id,
            run: owner.name,
            pipeline: pipeline.name,
            approvers,
            instructions: wire.instructions.filter(|text| !text.is_empty()),
            created_date: wire.created_on,
            raw: None,
            steps,
        })
    }
}

impl Record for Approval {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

pub(super) struct ListPipelineApprovals;

impl Action for ListPipelineApprovals {
    const NAME: &'static str = "list pipeline approvals";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::VIEW_BUILDS], scope: Some(Scope::BuildRead) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "What waits for approval in the project", inputs: serde_json::json!({}) },
            Example { title: "What a pipeline run waits for", inputs: serde_json::json!({ "run": 3 }) },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let Page { items, more } = pending(&session, input.run, input.limit, input.include_raw).await?;
        Ok(Output { approvals: items, more })
    }
}

/// The pending approvals of the project, or of one run
pub(super) async fn pending(
    session: &OpenSession<'_>,
    run: Option<RunId>,
    limit: Limit,
    raw: bool,
) -> Result<Page<Approval>, Error> {
    let mut request = Request::get(&["pipelines", "approvals"])
        .preview(PREVIEW)
        .query("state", "pending")
        .query("$expand", "steps")
        .list()
        .named(format!(
            "list the approvals that pipeline runs of the project \"{}\" wait for",
            session.project()
        ))
        .needs(&ListPipelineApprovals::NEEDS)
        .missing(format!("the project \"{}\"", session.project()));
    if let Some(run) = run {
        // An approval does not always say whose it is; the run's timeline does.
        let ids = waiting_approvals(session, run).await?;
        if ids.is_empty() {
            return Ok(Page { items: Vec::new(), more: false });
        }
        request = request.query("approvalIds", &ids.join(","));
    }
    session.send_records(request, limit, raw).await
}
