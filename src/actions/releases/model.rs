//! Releases as the service describes them.

use indexmap::IndexMap;
use serde::Deserializer;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ArtifactSource;
use crate::actions::releases::release_pipeline::ReleaseArtifact;
use crate::actions::shared::mark_property;
use crate::actions::shared::variables;
use crate::actions::shared::variables::Variable;
use crate::actions::shared::wire::Links;
use crate::actions::shared::wire::NamedReference;
use crate::actions::shared::wire::Person;

/// A release; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Release {
    /// The release's id
    pub(crate) id: u32,
    /// The release's name
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) name: Option<String>,
    /// The status: active, draft, abandoned
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) status: Option<String>,
    /// The id of its release pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) release_pipeline_id: Option<u32>,
    /// The name of its release pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) release_pipeline: Option<String>,
    /// The description
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// The stages in order
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stages: Option<Vec<Stage>>,
    /// The artifacts and their versions
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) artifacts: Option<Vec<ArtifactSource>>,
    /// Its variables and their values; secret ones are left out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variables: Option<IndexMap<String, String>>,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_date: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) web_url: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
    /// The id of the user who created it
    #[serde(skip)]
    pub(crate) creator: Option<String>,
    /// The mark of the request that created it
    #[serde(skip)]
    pub(crate) mark: Option<String>,
}

/// A stage of a release, which the service calls an environment
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stage {
    /// The stage's id in this release
    pub(crate) id: u32,
    /// The stage's name
    pub(crate) name: String,
    /// The status: notStarted, queued, scheduled, inProgress, succeeded, partiallySucceeded, rejected, canceled
    pub(crate) status: String,
    /// The number of pending approvals
    pub(crate) pending_approvals: usize,
    /// The conditions for it to start by itself
    #[serde(skip)]
    pub(crate) conditions: Vec<StartCondition>,
}

/// A condition for a stage to start by itself: a result of another stage
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartCondition {
    /// The other stage
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The kind: `environmentState` for a stage
    #[serde(default)]
    pub(crate) condition_type: Option<String>,
    /// The accepted states, as the sum of their numbers
    #[serde(default)]
    pub(crate) value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseRecord {
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
    artifacts: Option<Vec<ReleaseArtifact>>,
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
pub(crate) struct StageWire {
    pub(crate) id: u32,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) pre_deploy_approvals: Option<Vec<ApprovalWire>>,
    #[serde(default)]
    pub(crate) post_deploy_approvals: Option<Vec<ApprovalWire>>,
    #[serde(default)]
    pub(crate) conditions: Option<Vec<StartCondition>>,
}

#[derive(Deserialize)]
pub(crate) struct ApprovalWire {
    #[serde(default)]
    pub(crate) status: Option<String>,
}

impl From<StageWire> for Stage {
    fn from(stage: StageWire) -> Self {
        let approvals = stage.pre_deploy_approvals.into_iter().chain(stage.post_deploy_approvals).flatten();
        Stage {
            id: stage.id,
            name: stage.name.unwrap_or_default(),
            status: stage.status.unwrap_or_else(|| "undefined".to_owned()),
            pending_approvals: approvals.filter(|one| one.status.as_deref() == Some("pending")).count(),
            conditions: stage.conditions.unwrap_or_default(),
        }
    }
}

impl Stage {
    /// Returns whether it is deployed or being deployed, and was neither before
    pub(crate) fn is_deployed_after(&self, before: &Stage) -> bool {
        let on_its_way = |status: &str| matches!(status, "queued" | "scheduled" | "inProgress");
        let now = self.status.as_str();
        !on_its_way(&before.status)
            && now != before.status
            && (on_its_way(now) || matches!(now, "succeeded" | "partiallySucceeded"))
    }

    /// Returns whether nothing more happens in it by itself
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "succeeded" | "partiallySucceeded" | "rejected" | "canceled")
    }
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = ReleaseRecord::deserialize(deserializer)?;
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
            mark: mark_property::mark(wire.properties.as_ref()),
        })
    }
}

impl Record for Release {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl Created for Release {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
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
    /// Returns the stage of a name; the error for an unknown one has similar names
    pub(crate) fn stage(&self, name: &ReleaseStageName) -> Result<&Stage, Error> {
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
