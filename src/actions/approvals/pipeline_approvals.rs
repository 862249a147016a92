//! The approvals that pipeline runs wait for.

use serde::Deserializer;

use crate::actions::approvals::model::PREVIEW;
use crate::actions::pipeline_runs::requests::waiting_approvals;
use crate::actions::prelude::*;
use crate::actions::shared::wire::NamedReference;
use crate::actions::shared::wire::Person;

/// The needs of reading these approvals
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_BUILDS], scope: Some(Scope::BuildRead) };

/// An approval that a pipeline run waits for
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Approval {
    /// The approval's id
    pub(crate) id: String,
    /// The status: pending, approved, rejected, canceled, timedOut, skipped
    pub(crate) status: String,
    /// The pipeline run's id, if the service returns it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) run_id: Option<u32>,
    /// The pipeline run's name
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    /// The pipeline's name
    #[serde(skip_serializing_if = "Option::is_none")]
    pipeline: Option<String>,
    /// The names of the approvers
    approvers: Vec<String>,
    /// The instructions for the approvers
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The decisions of the approvers
    #[serde(skip)]
    pub(crate) steps: Vec<ApprovalStep>,
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
    /// Missing in the published description, but returned by the service
    #[serde(default)]
    pipeline: Option<PipelineWire>,
}

/// The decision of one approver
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApprovalStep {
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
    /// Returns whether this user made this decision; for a group, the service names the member who decided
    pub(crate) fn is_of(&self, user: &str, status: &str, comment: &str) -> bool {
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

/// Returns the pending approvals of the project, or of one run
pub(crate) async fn pending(
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
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()));
    if let Some(run) = run {
        // An approval does not always name its run; the run's timeline has its approvals.
        let ids = waiting_approvals(session, run).await?;
        if ids.is_empty() {
            return Ok(Page { items: Vec::new(), more: false });
        }
        request = request.query("approvalIds", &ids.join(","));
    }
    session.send_records(request, limit, raw).await
}
