//! Release pipelines and releases, the classic way to deploy.
//!
//! Shapes from the published description of release 7.1; no recorded answer was at hand.

mod abandon;
mod create;
mod create_definition;
mod delete_definition;
mod deploy;
mod edit_definition;
mod get;
mod get_definition;
mod list;
mod list_definitions;
mod wait;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::actions::properties;
use crate::actions::release_pipelines::Artifact;
use crate::actions::release_pipelines::ArtifactSource;
use crate::actions::variables;
use crate::actions::variables::Variable;
use crate::actions::wire::Links;
use crate::actions::wire::NamedReference;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::ReleaseId;
use crate::contract::ReleaseStageName;
use crate::contract::Scope;
use crate::contract::near_names;
use crate::contract::permissions;
use crate::contract::printable;
use crate::devops::Document;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::service_time;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Releases",
    actions: &[
        Entry::of::<list_definitions::ListReleasePipelines>(),
        Entry::of::<get_definition::GetReleasePipeline>(),
        Entry::of::<create_definition::CreateReleasePipeline>(),
        Entry::of::<edit_definition::EditReleasePipeline>(),
        Entry::of::<delete_definition::DeleteReleasePipeline>(),
        Entry::of::<list::ListReleases>(),
        Entry::of::<get::GetRelease>(),
        Entry::of::<create::CreateRelease>(),
        Entry::of::<deploy::DeployReleaseStage>(),
        Entry::of::<wait::WaitForReleaseStage>(),
        Entry::of::<abandon::AbandonRelease>(),
    ],
};

/// What reading a release needs
const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_RELEASES], scope: Some(Scope::ReleaseRead) };

/// A release; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Release {
    /// The release's id
    id: u32,
    /// The release's name
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What it is: active, draft, abandoned
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    /// The id of its release pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    release_pipeline_id: Option<u32>,
    /// The name of its release pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    release_pipeline: Option<String>,
    /// What was said when it was made
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Its stages in order, and where each is
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<Vec<Stage>>,
    /// What it releases, in which version
    #[serde(skip_serializing_if = "Option::is_none")]
    artifacts: Option<Vec<ArtifactSource>>,
    /// Its variables and their values; secret ones are left out
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<IndexMap<String, String>>,
    /// Who made it
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was made
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of who made it
    #[serde(skip)]
    creator: Option<String>,
    /// The mark of the request that made it
    #[serde(skip)]
    mark: Option<String>,
}

/// A stage of a release, which the service calls an environment
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Stage {
    /// The stage's id in this release
    id: u32,
    /// The stage's name
    name: String,
    /// Where it is: notStarted, queued, scheduled, inProgress, succeeded, partiallySucceeded, rejected, canceled
    status: String,
    /// How many approvals it waits for
    pending_approvals: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: u32,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    release_definition: Option<NamedReference>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    environments: Option<Vec<StageWire>>,
    #[serde(default)]
    artifacts: Option<Vec<Artifact>>,
    #[serde(default)]
    variables: Option<IndexMap<String, Variable>>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    created_on: Option<String>,
    #[serde(default)]
    properties: Option<Document>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StageWire {
    id: u32,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    pre_deploy_approvals: Option<Vec<ApprovalWire>>,
    #[serde(default)]
    post_deploy_approvals: Option<Vec<ApprovalWire>>,
}

#[derive(Deserialize)]
struct ApprovalWire {
    #[serde(default)]
    status: Option<String>,
}

impl From<StageWire> for Stage {
    fn from(stage: StageWire) -> Self {
        let approvals = stage.pre_deploy_approvals.into_iter().chain(stage.post_deploy_approvals).flatten();
        Stage {
            id: stage.id,
            name: stage.name.unwrap_or_default(),
            status: stage.status.unwrap_or_else(|| "undefined".to_owned()),
            pending_approvals: approvals.filter(|one| one.status.as_deref() == Some("pending")).count(),
        }
    }
}

impl Stage {
    /// Whether it is deployed, or on its way, and was neither before
    fn is_deployed_after(&self, before: &Stage) -> bool {
        let on_its_way = |status: &str| matches!(status, "queued" | "scheduled" | "inProgress");
        let now = self.status.as_str();
        !on_its_way(&before.status)
            && now != before.status
            && (on_its_way(now) || matches!(now, "succeeded" | "partiallySucceeded"))
    }

    /// Whether nothing more happens in it by itself
    fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "succeeded" | "partiallySucceeded" | "rejected" | "canceled")
    }
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let (release_pipeline_id, release_pipeline) =
            wire.release_definition.map_or((None, None), |one| (one.id, one.name));
        let (creator, created_by) = wire.created_by.map_or((None, None), |one| (one.id, one.display_name));
        Ok(Release {
            id: wire.id,
            name: wire.name,
            status: wire.status,
            release_pipeline_id,
            release_pipeline,
            description: wire.description.filter(|text| !text.is_empty()),
            stages: wire.environments.map(|all| all.into_iter().map(Stage::from).collect()),
            artifacts: wire.artifacts.map(|all| all.into_iter().map(ArtifactSource::from).collect()),
            variables: wire.variables.map(variables::shown),
            created_by,
            created_date: wire.created_on,
            web_url: Links::web(wire.links),
            raw: None,
            creator,
            mark: properties::mark(wire.properties.as_ref()),
        })
    }
}

impl Record for Release {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl Made for Release {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn maker(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the release {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

impl Release {
    /// The stage of a name; one that is not there is told with the names near to it
    fn stage(&self, name: &ReleaseStageName) -> Result<&Stage, Error> {
        let stages = self.stages.as_deref().unwrap_or_default();
        let found = stages.iter().find(|stage| stage.name.to_lowercase() == name.as_str().to_lowercase());
        found.ok_or_else(|| {
            let names = || stages.iter().map(|stage| stage.name.as_str());
            let all: Vec<String> = names().map(|name| printable(name, 256)).collect();
            let message =
                format!("the release {} has no stage \"{name}\"; it has: {}", self.id, all.join(", "));
            let error = Error::new(ErrorCode::ResourceNotFound, message);
            match near_names(name.as_str(), names().collect::<Vec<_>>()).as_slice() {
                [] => error,
                near => error.with("near", format!("\"{}\"", near.join("\", \""))),
            }
        })
    }
}

/// The request that reads a release
fn read_request<'a>(id: ReleaseId, needs: &Needs) -> Request<'a> {
    Request::get(&["release", "releases", &id.to_string()])
        .release()
        .named(format!("read the release {id}"))
        .needs(needs)
        .missing(format!("the release {id}"))
}
