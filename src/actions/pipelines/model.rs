//! Pipelines as the service describes them: definitions, YAML and classic.

use indexmap::IndexMap;
use serde::Deserializer;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::variables;
use crate::actions::shared::variables::Variable;
use crate::actions::shared::wire::Links;
use crate::actions::shared::wire::Person;

/// A pipeline; fields that the service leaves out are absent, and a list without details has no kind, file or
/// repository
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pipeline {
    /// The pipeline's id
    pub(crate) id: u32,
    /// The pipeline's name
    pub(crate) name: String,
    /// The folder; `\` is the root
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) folder: Option<String>,
    /// The revision of its definition
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) revision: Option<u32>,
    /// The queue status: enabled, paused (runs wait), disabled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) queue_status: Option<String>,
    /// The kind: yaml, classic
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The YAML file's path from the root of the repository
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) yaml_path: Option<String>,
    /// The repository's name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repository: Option<String>,
    /// The repository's id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repository_id: Option<String>,
    /// The default branch, as a full ref
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default_branch: Option<String>,
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
    /// The id of the user who created it or changed it last
    #[serde(skip)]
    pub(crate) author: Option<String>,
}

/// A definition in a response of the build API
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
    queue_status: Option<String>,
    #[serde(default)]
    process: Option<Process>,
    #[serde(default)]
    repository: Option<Source>,
    #[serde(default)]
    variables: Option<IndexMap<String, Variable>>,
    #[serde(default)]
    created_date: Option<String>,
    #[serde(default)]
    authored_by: Option<Person>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    #[serde(default, rename = "type")]
    kind: Option<u32>,
    #[serde(default)]
    yaml_filename: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    default_branch: Option<String>,
}

impl From<Definition> for Pipeline {
    fn from(definition: Definition) -> Self {
        let (kind, yaml_path) = match definition.process {
            Some(Process { kind: Some(2), yaml_filename }) => (Some("yaml".to_owned()), yaml_filename),
            Some(Process { kind: Some(1), .. }) => (Some("classic".to_owned()), None),
            _ => (None, None),
        };
        let source = definition.repository.unwrap_or(Source { id: None, name: None, default_branch: None });
        Pipeline {
            id: definition.id,
            name: definition.name,
            folder: definition.path,
            revision: definition.revision,
            queue_status: definition.queue_status,
            kind,
            // The service keeps the spelling of the path.
            yaml_path: yaml_path.map(|path| format!("/{}", path.trim_start_matches('/'))),
            repository: source.name,
            repository_id: source.id,
            default_branch: source.default_branch,
            settable: variables::settable(definition.variables.as_ref()),
            variables: definition.variables.map(variables::shown),
            created_date: definition.created_date,
            web_url: Links::web(definition.links),
            raw: None,
            author: definition.authored_by.and_then(|person| person.id),
        }
    }
}

impl<'de> Deserialize<'de> for Pipeline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Definition::deserialize(deserializer).map(Pipeline::from)
    }
}

impl Record for Pipeline {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl Created for Pipeline {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.author.as_deref()
    }

    fn label(&self) -> String {
        format!("the pipeline {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

impl Pipeline {
    /// Returns whether it has this name and folder; letter case does not matter
    pub(crate) fn is_called(&self, name: &str, folder: &str) -> bool {
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        same(&self.name, name) && same(self.folder.as_deref().unwrap_or("\\"), folder)
    }
}
