//! The stages that a new run has.

use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::state::Pipeline;
use crate::state::pipelines::Stage;
use crate::state::pipelines::StageApproval;
use crate::state::pipelines::yaml;
use crate::world;
use crate::world::BuildResult;

/// The stages of a run: those of the world, else those of the file, else the stage of a file without stages.
pub(super) fn stages(pipeline: &Pipeline, text: &str, skipped: &[String]) -> Result<Vec<Stage>, Response> {
    let scripted = |name: String, steps: u32, result: BuildResult, log: &[String]| {
        let log = if log.is_empty() {
            vec![format!("Starting: {name}"), format!("Finishing: {name}")]
        } else {
            log.to_vec()
        };
        Stage {
            left_out: skipped.iter().any(|one| names::same(one, &name)),
            name,
            steps,
            result,
            log,
            attempt: 1,
            gate: None,
        }
    };
    let script = pipeline.script;
    let mut named = yaml::stages(text);
    let stages: Vec<Stage> = if pipeline.stages.is_empty() {
        let last = named.pop().unwrap_or_else(|| "__default".to_owned());
        let before = named.into_iter().map(|name| scripted(name, 1, BuildResult::Succeeded, &[]));
        before
            .chain([last].into_iter().map(|name| scripted(name, script.in_progress, script.result, &[])))
            .collect()
    } else {
        let of_world = pipeline.stages.iter();
        let gated = |stage: &world::Stage| Stage {
            gate: stage.approver.as_deref().map(StageApproval::new),
            ..scripted(stage.name.clone(), stage.steps, stage.result, &stage.log)
        };
        of_world.map(gated).collect()
    };
    match skipped.iter().find(|name| !stages.iter().any(|stage| names::same(&stage.name, name))) {
        Some(name) => {
            Err(refusals::pipeline_invalid(&format!("{}: Stage '{name}' is not found.", pipeline.yaml)))
        }
        None => Ok(stages),
    }
}
