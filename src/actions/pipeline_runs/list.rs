//! `list pipeline runs`

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipelines::definitions::find;
use crate::actions::prelude::*;

/// The page size of the requests
const PAGE: usize = 1000;

/// List pipeline runs of the session's project, newest first
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id; all pipelines of the project when it is not given
    #[serde(default)]
    pipeline: Option<PipelineReference>,
    /// Only runs on this branch, or on a full ref such as refs/pull/7/merge
    #[serde(default)]
    branch: Option<BranchName>,
    /// Only runs with this status
    #[serde(default)]
    status: Status,
    /// Only runs with this result
    #[serde(default)]
    result: Ending,
    /// Only runs requested for this person: a name or an e-mail address
    #[serde(default)]
    requested_for: Option<PersonName>,
    /// Only runs requested since this time: 2026-11-01T08:00:00Z, or 2026-11-01T08:00:00 or 2026-11-01 in the local
    /// time of the machine
    #[serde(default)]
    from: Option<Moment>,
    /// Only runs requested until this time, in the same forms
    #[serde(default)]
    to: Option<Moment>,
    /// Only runs with all of these tags
    #[serde(default)]
    tags: Vec<Tag>,
    /// The maximum number of pipeline runs
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each pipeline run too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The status of a run
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Status {
    /// All
    #[default]
    All,
    /// Not started
    NotStarted,
    /// In progress
    InProgress,
    /// Cancelling
    Cancelling,
    /// Postponed
    Postponed,
    /// Completed
    Completed,
}

impl Status {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Status::All => None,
            Status::NotStarted => Some("notStarted"),
            Status::InProgress => Some("inProgress"),
            Status::Cancelling => Some("cancelling"),
            Status::Postponed => Some("postponed"),
            Status::Completed => Some("completed"),
        }
    }
}

/// The result of a run
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Ending {
    /// All, also without a result
    #[default]
    All,
    /// Succeeded
    Succeeded,
    /// Partially succeeded
    PartiallySucceeded,
    /// Failed
    Failed,
    /// Canceled
    Canceled,
}

impl Ending {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Ending::All => None,
            Ending::Succeeded => Some("succeeded"),
            Ending::PartiallySucceeded => Some("partiallySucceeded"),
            Ending::Failed => Some("failed"),
            Ending::Canceled => Some("canceled"),
        }
    }
}

/// The pipeline runs
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pipeline runs, most recently requested first
    pipeline_runs: Vec<PipelineRun>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPipelineRuns;

impl Action for ListPipelineRuns {
    const NAME: &'static str = "list pipeline runs";
    const NODE: &'static str = "List pipeline runs";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The runs in progress", inputs: serde_json::json!({ "status": "IN_PROGRESS" }) },
            Example {
                title: "The latest failures of a pipeline on the main branch",
                inputs: serde_json::json!({ "pipeline": "release", "branch": "main", "result": "FAILED", "limit": 10 }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let from = input.from.as_ref().map(|moment| session.moment("from", moment)).transpose()?;
        let to = input.to.as_ref().map(|moment| session.moment("to", moment)).transpose()?;
        let mut request = Request::get(&["build", "builds"]).query("queryOrder", "queueTimeDescending");
        if let Some(pipeline) = &input.pipeline {
            let id = find(&session, pipeline, &Self::NEEDS).await?;
            request = request.query("definitions", &id.to_string());
        }
        let tags = input.tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(",");
        for (name, value) in [
            ("branchName", input.branch.as_ref().map(BranchName::full)),
            ("statusFilter", input.status.as_str()),
            ("resultFilter", input.result.as_str()),
            ("requestedFor", input.requested_for.as_ref().map(PersonName::as_str)),
            ("minTime", from.as_deref()),
            ("maxTime", to.as_deref()),
            ("tagFilters", Some(tags.as_str()).filter(|tags| !tags.is_empty())),
        ] {
            if let Some(value) = value {
                request = request.query(name, value);
            }
        }
        let request = request
            .list_by(PAGE)
            .named(format!("list the pipeline runs of the project \"{}\"", session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        let page = session.send_records::<Build>(request, input.limit, input.include_raw).await?;
        Ok(Output { pipeline_runs: page.items.into_iter().map(PipelineRun::from).collect(), more: page.more })
    }
}
