//! Pipeline runs: started by the pipelines API, known by their id to the build API.

mod get;
mod run;
mod wait;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::contract::Needs;
use crate::contract::RunId;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::devops::Request;
use crate::devops::service_time;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Pipeline runs",
    actions: &[
        Entry::of::<run::RunPipeline>(),
        Entry::of::<get::GetPipelineRun>(),
        Entry::of::<wait::WaitForPipelineRun>(),
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
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) web_url: Option<String>,
}

/// What the build API answers
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Build {
    id: u32,
    #[serde(default)]
    build_number: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    definition: Option<Definition>,
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
    requested_by: Option<Requester>,
    /// The variables that were given, a JSON object in a text
    #[serde(default)]
    parameters: Option<String>,
    #[serde(default)]
    template_parameters: Option<IndexMap<String, Box<RawValue>>>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

/// Who asked for a run
#[derive(Deserialize)]
struct Requester {
    #[serde(default)]
    id: Option<String>,
}

/// The pipeline of a run
#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    id: Option<u32>,
    #[serde(default)]
    name: Option<String>,
}

/// The links of a run
#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    web: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    href: Option<String>,
}

impl Links {
    fn web(links: Option<Links>) -> Option<String> {
        links?.web?.href
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
            web_url: Links::web(build.links),
        }
    }
}

impl Made for PipelineRun {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.queue_time.as_deref()?)
    }

    fn label(&self) -> String {
        format!("the pipeline run {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

/// What reading a run needs
const READ_NEEDS: Needs = Needs { permissions: &[permissions::VIEW_BUILDS], scope: Some(Scope::BuildRead) };

/// The one request that reads a run
fn read_request(id: RunId) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string()])
        .named(format!("read the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}
