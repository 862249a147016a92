//! Release pipelines as the service describes them.

use indexmap::IndexMap;
use serde::Deserializer;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::variables;
use crate::actions::shared::variables::Variable;
use crate::actions::shared::wire::Links;
use crate::actions::shared::wire::Person;

/// A release pipeline; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleasePipeline {
    /// The release pipeline's id
    pub(crate) id: u32,
    /// The release pipeline's name
    pub(crate) name: String,
    /// The folder; `\` is the root
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) folder: Option<String>,
    /// The revision
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) revision: Option<u32>,
    /// The names of its stages, in order
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stages: Option<Vec<String>>,
    /// The artifacts
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) artifacts: Option<Vec<ArtifactSource>>,
    /// Its variables and their values; secret ones are left out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variables: Option<IndexMap<String, String>>,
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
    /// The names of the variables that a run may set
    #[serde(skip)]
    pub(crate) settable: Vec<String>,
    /// The id of the user who created it
    #[serde(skip)]
    pub(crate) creator: Option<String>,
}

/// An artifact source of a release pipeline
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactSource {
    /// The alias
    pub(crate) alias: String,
    /// The kind: Build for a pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The id of the source, such as the pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_id: Option<String>,
    /// Its name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    /// The id of the version, such as the pipeline run; only in a release
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version_id: Option<String>,
    /// The name of the version, such as the pipeline run; only in a release
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// Whether it is the primary artifact
    pub(crate) is_primary: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    id: u32,
    name: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    revision: Option<u32>,
    #[serde(default)]
    environments: Option<Vec<ResourceName>>,
    #[serde(default)]
    artifacts: Option<Vec<ReleaseArtifact>>,
    #[serde(default)]
    variables: Option<IndexMap<String, Variable>>,
    #[serde(default)]
    created_on: Option<String>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseArtifact {
    #[serde(default)]
    alias: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    definition_reference: Option<ArtifactReference>,
    #[serde(default)]
    is_primary: Option<bool>,
}

#[derive(Default, Deserialize)]
struct ArtifactReference {
    #[serde(default)]
    definition: Option<IdAndName>,
    #[serde(default)]
    version: Option<IdAndName>,
}

#[derive(Default, Deserialize)]
struct IdAndName {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl From<ReleaseArtifact> for ArtifactSource {
    fn from(artifact: ReleaseArtifact) -> Self {
        let reference = artifact.definition_reference.unwrap_or_default();
        let (definition, version) =
            (reference.definition.unwrap_or_default(), reference.version.unwrap_or_default());
        ArtifactSource {
            alias: artifact.alias.unwrap_or_default(),
            kind: artifact.kind,
            source_id: definition.id,
            source: definition.name,
            version_id: version.id,
            version: version.name,
            is_primary: artifact.is_primary.unwrap_or(false),
        }
    }
}

impl<'de> Deserialize<'de> for ReleasePipeline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let definition = Definition::deserialize(deserializer)?;
        let names = |all: Vec<ResourceName>| all.into_iter().filter_map(|stage| stage.name).collect();
        Ok(ReleasePipeline {
            id: definition.id,
            name: definition.name,
            folder: definition.path,
            revision: definition.revision,
            stages: definition.environments.map(names),
            artifacts: definition.artifacts.map(|all| all.into_iter().map(ArtifactSource::from).collect()),
            settable: variables::settable(definition.variables.as_ref()),
            variables: definition.variables.map(variables::shown),
            created_date: definition.created_on,
            web_url: Links::web(definition.links),
            raw: None,
            creator: definition.created_by.and_then(|person| person.id),
        })
    }
}

impl Record for ReleasePipeline {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl Created for ReleasePipeline {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the release pipeline {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}
