//! Pipeline runs: started by the pipelines API, known by their id to the build API.

mod cancel;
mod download_artifact;
mod get;
mod list;
mod list_artifacts;
mod read_logs;
mod retry_stage;
mod run;
mod wait;

use std::fmt::Display;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::actions::OpenSession;
use crate::actions::wire::Links;
use crate::actions::wire::NamedReference;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::RunId;
use crate::contract::Scope;
use crate::contract::StageName;
use crate::contract::near_names;
use crate::contract::permissions;
use crate::contract::printable;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::service_time;

/// The group in the catalogue
pub const GROUP: Group = Group {
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
    ],
};

/// A pipeline run, in the build API's words; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineRun {
    /// The run's id, which is its build's id
    pub(super) id: u32,
    /// The run's name, which is its build number
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// Where it is: notStarted, inProgress, postponed, cancelling, completed, none
    pub(super) status: String,
    /// How it ended: succeeded, partiallySucceeded, failed, canceled; absent until it is completed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<String>,
    /// The pipeline's id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_id: Option<u32>,
    /// The pipeline's name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_name: Option<String>,
    /// The branch it runs on, as a full ref
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) branch: Option<String>,
    /// The commit it runs on
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit_id: Option<String>,
    /// When it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) queue_time: Option<String>,
    /// When it began
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_time: Option<String>,
    /// When it ended
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finish_time: Option<String>,
    /// Whom it was started for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requested_for: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) web_url: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<Raw>,
    /// The id of who asked for it
    #[serde(skip)]
    pub(super) requester: Option<String>,
}

/// What the build API answers
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Build {
    id: u32,
    #[serde(default)]
    build_number: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    definition: Option<NamedReference>,
    #[serde(default)]
    source_branch: Option<String>,
    #[serde(default)]
    source_version: Option<String>,
    #[serde(default)]
    queue_time: Option<String>,
    #[serde(default)]
    start_time: Option<String>,
    #[serde(default)]
    finish_time: Option<String>,
    #[serde(default)]
    requested_by: Option<Person>,
    #[serde(default)]
    requested_for: Option<Person>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for Build {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// What an artifact of a run is
#[derive(Deserialize)]
struct Artifact {
    name: String,
    #[serde(default)]
    resource: Option<ArtifactResource>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactResource {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    properties: Option<ArtifactProperties>,
    #[serde(default)]
    download_url: Option<String>,
}

#[derive(Deserialize)]
struct ArtifactProperties {
    #[serde(default)]
    artifactsize: Option<String>,
}

/// The inside of a run: its stages, their jobs, the tasks of these
#[derive(Deserialize)]
pub(super) struct Timeline {
    #[serde(default)]
    records: Option<Vec<TimelineRecord>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TimelineRecord {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    name: Option<String>,
    /// A stage's name in the YAML file
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    pub(super) result: Option<String>,
    #[serde(default)]
    order: Option<i64>,
    #[serde(default)]
    log: Option<LogReference>,
}

#[derive(Deserialize)]
struct LogReference {
    #[serde(default)]
    id: Option<u32>,
}

impl Timeline {
    fn records(&self) -> &[TimelineRecord] {
        self.records.as_deref().unwrap_or_default()
    }

    pub(super) fn stages(&self) -> impl Iterator<Item = &TimelineRecord> {
        self.records().iter().filter(|record| record.kind.as_deref() == Some("Stage"))
    }

    /// The stage of a name; the service ignores its case
    fn stage(&self, name: &StageName) -> Option<&TimelineRecord> {
        self.stages().find(|stage| {
            stage.identifier.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name.as_str()))
        })
    }

    /// The error of a stage that is not there, with those that are
    fn no_stage(&self, run: RunId, name: &StageName) -> Error {
        let known = || self.stages().filter_map(|stage| stage.identifier.as_deref());
        let names: Vec<String> = known().map(|name| printable(name, 256)).collect();
        let message = format!("the pipeline run {run} has no stage \"{name}\"; it has: {}", names.join(", "));
        let error = Error::new(ErrorCode::ResourceNotFound, message)
            .help("Write the stage as the YAML file does after \"stage:\".");
        match near_names(name.as_str(), known().collect::<Vec<_>>()).as_slice() {
            [] => error,
            near => error.with("near", format!("\"{}\"", near.join("\", \""))),
        }
    }
}

impl TimelineRecord {
    fn is_over(&self) -> bool {
        self.state.as_deref() == Some("completed")
    }
}

impl PipelineRun {
    fn is_completed(&self) -> bool {
        self.status == "completed"
    }

    /// Whether it was told to stop, or is over; `canceling` is the other API's word
    fn is_stopping(&self) -> bool {
        matches!(self.status.as_str(), "completed" | "cancelling" | "canceling")
    }
}

impl From<Build> for PipelineRun {
    fn from(build: Build) -> Self {
        let (pipeline_id, pipeline_name) = build.definition.map_or((None, None), |one| (one.id, one.name));
        PipelineRun {
            id: build.id,
            name: build.build_number,
            status: build.status.unwrap_or_else(|| "none".to_owned()),
            result: build.result.filter(|result| result != "none"),
            pipeline_id,
            pipeline_name,
            branch: build.source_branch,
            commit_id: build.source_version,
            queue_time: build.queue_time,
            start_time: build.start_time,
            finish_time: build.finish_time,
            requested_for: build.requested_for.and_then(|person| person.display_name),
            web_url: Links::web(build.links),
            raw: build.raw,
            requester: build.requested_by.and_then(|person| person.id),
        }
    }
}

impl Made for PipelineRun {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.queue_time.as_deref()?)
    }

    fn maker(&self) -> Option<&str> {
        self.requester.as_deref()
    }

    fn label(&self) -> String {
        format!("the pipeline run {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

/// What reading a run needs
pub(super) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_BUILDS], scope: Some(Scope::BuildRead) };

/// The one request that reads the inside of a run
pub(super) fn timeline_request(id: impl Display) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string(), "timeline"])
        .list()
        .named(format!("read the stages of the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}

/// The one request that reads a run
fn read_request(id: RunId) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string()])
        .named(format!("read the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}

/// The ids of the approvals that a run waits for, as its timeline has them
pub(super) async fn waiting_approvals(session: &OpenSession<'_>, id: RunId) -> Result<Vec<String>, Error> {
    let timeline: Timeline = session.send(timeline_request(id)).await?;
    let waits = |record: &&TimelineRecord| {
        record.kind.as_deref() == Some("Checkpoint.Approval") && record.state.as_deref() == Some("inProgress")
    };
    Ok(timeline.records().iter().filter(waits).filter_map(|record| record.id.clone()).collect())
}
