//! Pipeline runs: started by the pipelines API, known by their id to the build API.

mod cancel;
mod download_artifact;
mod get;
mod list;
mod list_artifacts;
pub(super) mod model;
mod read_logs;
mod remove_tag;
pub(super) mod requests;
mod retain;
mod retry_stage;
mod run;
mod run_once;
mod sent_run;
mod tag;
mod wait;
pub(super) mod waits_for;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Pipeline runs",
    actions: &[
        Entry::of::<run::RunPipeline>(),
        Entry::of::<get::GetPipelineRun>(),
        Entry::of::<list::ListPipelineRuns>(),
        Entry::of::<wait::WaitForPipelineRun>(),
        Entry::of::<cancel::CancelPipelineRun>(),
        Entry::of::<retry_stage::RetryStage>(),
        Entry::of::<read_logs::ReadPipelineRunLogs>(),
        Entry::of::<list_artifacts::ListArtifacts>(),
        Entry::of::<download_artifact::DownloadArtifact>(),
        Entry::of::<tag::TagPipelineRun>(),
        Entry::of::<remove_tag::RemovePipelineRunTag>(),
        Entry::of::<retain::RetainPipelineRun>(),
    ],
};
