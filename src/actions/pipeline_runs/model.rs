//! Pipeline runs as the service describes them.

use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Links;
use crate::actions::shared::wire::NamedReference;
use crate::actions::shared::wire::Person;

/// A pipeline run, in the terms of the build API; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PipelineRun {
    /// The run's id, which is its build's id
    pub(crate) id: u32,
    /// The run's name, which is its build number
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) name: Option<String>,
    /// The status: notStarted, inProgress, postponed, cancelling, completed, none
    pub(crate) status: String,
    /// The result: succeeded, partiallySucceeded, failed, canceled; absent until it is completed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<String>,
    /// The pipeline's id
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) pipeline_id: Option<u32>,
    /// The pipeline's name
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) pipeline_name: Option<String>,
    /// The branch it runs on, as a full ref
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) branch: Option<String>,
    /// The commit it runs on
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit_id: Option<String>,
    /// When it was requested
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) queue_time: Option<String>,
    /// When it started
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<String>,
    /// When it finished
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish_time: Option<String>,
    /// The person that it was requested for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) requested_for: Option<String>,
    /// The tags; absent if the service did not return them
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Vec<String>>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) web_url: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
    /// The id of the user who requested it
    #[serde(skip)]
    pub(crate) requester: Option<String>,
}

/// A run in a response of the build API
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Build {
    pub(crate) id: u32,
    #[serde(default)]
    pub(crate) build_number: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) result: Option<String>,
    #[serde(default)]
    pub(crate) definition: Option<NamedReference>,
    #[serde(default)]
    pub(crate) source_branch: Option<String>,
    #[serde(default)]
    pub(crate) source_version: Option<String>,
    #[serde(default)]
    pub(crate) queue_time: Option<String>,
    #[serde(default)]
    pub(crate) start_time: Option<String>,
    #[serde(default)]
    pub(crate) finish_time: Option<String>,
    #[serde(default)]
    pub(crate) requested_by: Option<Person>,
    #[serde(default)]
    pub(crate) requested_for: Option<Person>,
    #[serde(default)]
    pub(crate) tags: Option<Vec<String>>,
    #[serde(default, rename = "_links")]
    pub(crate) links: Option<Links>,
    #[serde(skip)]
    pub(crate) raw: Option<Raw>,
}

impl Record for Build {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// An artifact of a run
#[derive(Deserialize)]
pub(crate) struct Artifact {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) resource: Option<ArtifactResource>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactResource {
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) properties: Option<ArtifactProperties>,
    #[serde(default)]
    pub(crate) download_url: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ArtifactProperties {
    #[serde(default)]
    pub(crate) artifactsize: Option<String>,
}

/// The timeline of a run: its stages, their jobs, and their tasks
#[derive(Deserialize)]
pub(crate) struct Timeline {
    #[serde(default)]
    pub(crate) records: Option<Vec<TimelineRecord>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TimelineRecord {
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) parent_id: Option<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// A stage's name in the YAML file
    #[serde(default)]
    pub(crate) identifier: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
    /// The agent of a job
    #[serde(default)]
    pub(crate) worker_name: Option<String>,
    #[serde(default)]
    pub(crate) result: Option<String>,
    #[serde(default)]
    pub(crate) order: Option<i64>,
    #[serde(default)]
    pub(crate) log: Option<LogReference>,
}

#[derive(Deserialize)]
pub(crate) struct LogReference {
    #[serde(default)]
    pub(crate) id: Option<u32>,
}

impl Timeline {
    pub(crate) fn records(&self) -> &[TimelineRecord] {
        self.records.as_deref().unwrap_or_default()
    }

    pub(crate) fn stages(&self) -> impl Iterator<Item = &TimelineRecord> {
        self.records().iter().filter(|record| record.kind.as_deref() == Some("Stage"))
    }

    /// Returns the stage of a name; letter case does not matter
    pub(crate) fn stage(&self, name: &StageName) -> Option<&TimelineRecord> {
        self.stages().find(|stage| {
            stage.identifier.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name.as_str()))
        })
    }

    /// Returns the error for an unknown stage, with the names of the existing ones
    pub(crate) fn no_stage(&self, run: RunId, name: &StageName) -> Error {
        let known = || self.stages().filter_map(|stage| stage.identifier.as_deref());
        let names: Vec<String> = known().map(|name| printable(name, 256)).collect();
        let message = format!("the pipeline run {run} has no stage \"{name}\"; it has: {}", names.join(", "));
        let error = Error::new(ErrorCode::ResourceNotFound, message)
            .help("Use the name that the YAML file has after \"stage:\".");
        match near_names(name.as_str(), known().collect::<Vec<_>>()).as_slice() {
            [] => error,
            near => error.with("near", format!("\"{}\"", near.join("\", \""))),
        }
    }
}

impl TimelineRecord {
    pub(crate) fn is_over(&self) -> bool {
        self.state.as_deref() == Some("completed")
    }
}

impl PipelineRun {
    pub(crate) fn is_completed(&self) -> bool {
        self.status == "completed"
    }

    /// Returns whether it is stopping or completed; `canceling` is the spelling of the pipelines API
    pub(crate) fn is_stopping(&self) -> bool {
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
            tags: build.tags,
            web_url: Links::web(build.links),
            raw: build.raw,
            requester: build.requested_by.and_then(|person| person.id),
        }
    }
}

impl Created for PipelineRun {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.queue_time.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.requester.as_deref()
    }

    fn label(&self) -> String {
        format!("the pipeline run {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}
