//! Release pipelines, which the service calls release definitions: by name or id, on the release host.
//!
//! Shapes from the published description of release 7.1; no recorded answer was at hand.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Candidate;
use crate::actions::Made;
use crate::actions::Mark;
use crate::actions::OpenSession;
use crate::actions::by_name;
use crate::actions::by_name::Known;
use crate::actions::missing::Named;
use crate::actions::revisions;
use crate::actions::variables;
use crate::actions::variables::Variable;
use crate::actions::wire::Links;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::Needs;
use crate::contract::PipelineReference;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::service_time;

/// What reading a release pipeline needs
pub(super) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_RELEASE_PIPELINE], scope: Some(Scope::ReleaseRead) };

/// What creating or changing a release pipeline needs
pub(super) const EDIT_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_RELEASE_PIPELINE], scope: Some(Scope::ReleaseExecute) };

/// A release pipeline; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReleasePipeline {
    /// The release pipeline's id
    pub(super) id: u32,
    /// The release pipeline's name
    pub(super) name: String,
    /// The folder it is shown in, `\` being the root
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) folder: Option<String>,
    /// How often it was changed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revision: Option<u32>,
    /// The names of its stages, in order
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stages: Option<Vec<String>>,
    /// What it releases
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) artifacts: Option<Vec<ArtifactSource>>,
    /// Its variables and their values; secret ones are left out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) variables: Option<IndexMap<String, String>>,
    /// When it was made
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_date: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) web_url: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<Raw>,
    /// The id of who made it
    #[serde(skip)]
    pub(super) creator: Option<String>,
}

/// What a release pipeline takes something to release from
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactSource {
    /// What the release pipeline calls it
    pub(super) alias: String,
    /// Its kind: Build for a pipeline
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    /// The id of the pipeline, or of what else it is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_id: Option<String>,
    /// Its name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    /// The id of the version, which is the pipeline run's; in a release only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version_id: Option<String>,
    /// The version's name, which is the pipeline run's; in a release only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Whether it is the one whose version gives a release its name
    pub(super) is_primary: bool,
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
    environments: Option<Vec<Named>>,
    #[serde(default)]
    artifacts: Option<Vec<Artifact>>,
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
pub(super) struct Artifact {
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

impl From<Artifact> for ArtifactSource {
    fn from(artifact: Artifact) -> Self {
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
        let names = |all: Vec<Named>| all.into_iter().filter_map(|stage| stage.name).collect();
        Ok(ReleasePipeline {
            id: definition.id,
            name: definition.name,
            folder: definition.path,
            revision: definition.revision,
            stages: definition.environments.map(names),
            artifacts: definition.artifacts.map(|all| all.into_iter().map(ArtifactSource::from).collect()),
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

impl Made for ReleasePipeline {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn maker(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the release pipeline {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

/// The request that lists the project's release pipelines
pub(super) fn all(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["release", "definitions"])
        .release()
        .named(format!("list the release pipelines of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// The request that reads a release pipeline
pub(super) fn one<'a>(id: u32, pipeline: &PipelineReference, needs: &Needs) -> Request<'a> {
    let thing = format!("the release pipeline \"{pipeline}\"");
    Request::get(&["release", "definitions", &id.to_string()])
        .release()
        .named(format!("read {thing}"))
        .needs(needs)
        .missing(thing)
}

/// The id of the one release pipeline that is meant
///
/// Errors: `resource.not_found` with the names near to it; `input.invalid` when several folders have one of the name.
pub(super) async fn find(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    needs: &Needs,
) -> Result<u32, Error> {
    let name = match pipeline {
        PipelineReference::Id(id) => return Ok(*id),
        PipelineReference::Name(name) => name,
    };
    let thing = format!("the release pipeline \"{name}\"");
    let request = Request::get(&["release", "definitions"])
        .release()
        .query("searchText", name.as_str())
        .query("isExactNameMatch", "true")
        .list()
        .named(format!("look up {thing}"))
        .needs(needs)
        .missing(thing.clone());
    let found: Vec<Known> = session.send_list(request).await?;
    by_name::id(session, "release pipeline", name.as_str(), found, session.send_list(all(session).list()))
        .await
}

/// The request that lists a release pipeline's revisions
pub(super) fn history<'a>(id: u32) -> Request<'a> {
    Request::get(&["release", "definitions", &id.to_string(), "revisions"])
        .release()
        .list()
        .named(format!("read the history of the release pipeline {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the release pipeline {id}"))
}

/// The release pipelines of a name in a folder, for when the response to making a marked one was lost
pub(super) async fn marked(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
    mark: &Mark,
) -> Result<Vec<Candidate<ReleasePipeline>>, Error> {
    let request = all(session)
        .query("searchText", name)
        .query("isExactNameMatch", "true")
        .query("$expand", "environments,artifacts");
    let mut found: Vec<ReleasePipeline> = session.send_list(request.list()).await?;
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    found.retain(|one| same(&one.name, name) && same(one.folder.as_deref().unwrap_or("\\"), folder));
    revisions::candidates(session, found, |one| history(one.id), mark).await
}
