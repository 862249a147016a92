//! `list pipeline run waits`

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::pipeline_runs::requests::timeline_request;
use crate::actions::pipeline_runs::waits_for::WaitsFor;
use crate::actions::pipeline_runs::waits_for::all_waits;
use crate::actions::prelude::*;

/// List what a pipeline run waits for, such as approvals, checks and agents
///
/// The list is empty while the run makes progress, and when it is completed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
}

/// What the run waits for
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// What it waits for, in the order of the service
    waits: Vec<RunWait>,
}

/// Something that a run waits for; fields that do not belong to its kind are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunWait {
    /// The kind: approval, check, lock, authorization, agent, pipeline
    kind: String,
    /// The stage before which, or in which, the run waits
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    /// The id of the approval; Decide pipeline approval takes it
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<String>,
    /// What the run waits for, in words
    description: String,
    /// What ends the wait, in words
    help: String,
}

impl From<WaitsFor> for RunWait {
    fn from(wait: WaitsFor) -> Self {
        RunWait {
            approval: wait.id.filter(|_| wait.kind == "approval"),
            kind: wait.kind.to_owned(),
            stage: wait.stage,
            description: wait.what,
            help: wait.help.to_owned(),
        }
    }
}

pub(super) struct ListPipelineRunWaits;

impl Action for ListPipelineRunWaits {
    const NAME: &'static str = "list pipeline run waits";
    const NODE: &'static str = "List pipeline run waits of run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "What a run waits for", inputs: serde_json::json!({ "id": 3 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let run = PipelineRun::from(session.send::<Build>(read_request(input.id)).await?);
        if run.is_completed() {
            return Ok(Output { waits: Vec::new() });
        }
        let timeline: Timeline = session.send(timeline_request(input.id)).await?;
        let waits = all_waits(&timeline, &run.status);
        Ok(Output { waits: waits.into_iter().map(RunWait::from).collect() })
    }
}
