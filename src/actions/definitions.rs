//! Pipelines as the build area knows them: definitions, YAML and classic, by name or id.

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
use crate::actions::revisions;
use crate::actions::variables;
use crate::actions::variables::Variable;
use crate::actions::wire::Links;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::PipelineReference;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::devops::Document;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::service_time;

/// What reading a pipeline needs
pub(super) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_PIPELINE], scope: Some(Scope::BuildRead) };

/// What changing a pipeline needs
pub(super) const EDIT_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_PIPELINE], scope: Some(Scope::BuildExecute) };

/// A pipeline; what the service leaves out is absent, and a list leaves out what it runs
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pipeline {
    /// The pipeline's id
    pub(super) id: u32,
    /// The pipeline's name
    pub(super) name: String,
    /// The folder it is shown in, `\` being the root
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) folder: Option<String>,
    /// How often its definition was changed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revision: Option<u32>,
    /// Whether it runs: enabled, paused (runs wait), disabled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) queue_status: Option<String>,
    /// What it is made of: yaml, classic
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    /// The YAML file's path from the root of the repository
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) yaml_path: Option<String>,
    /// The repository's name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<String>,
    /// The repository's id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository_id: Option<String>,
    /// The branch it runs on when nothing else is said, as a full ref
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_branch: Option<String>,
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
    /// The id of who made it, or changed it last
    #[serde(skip)]
    pub(super) author: Option<String>,
}

/// A definition as the build area answers it
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
            // The service keeps the path as it was written.
            yaml_path: yaml_path.map(|path| format!("/{}", path.trim_start_matches('/'))),
            repository: source.name,
            repository_id: source.id,
            default_branch: source.default_branch,
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

impl Made for Pipeline {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn maker(&self) -> Option<&str> {
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
    /// Whether it is this one: the service ignores the case of names and folders
    pub(super) fn is_called(&self, name: &str, folder: &str) -> bool {
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        same(&self.name, name) && same(self.folder.as_deref().unwrap_or("\\"), folder)
    }
}

/// The request that lists the project's pipelines
pub(super) fn all(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["build", "definitions"])
        .query("queryOrder", "definitionNameAscending")
        .named(format!("list the pipelines of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// The request that reads a pipeline
pub(super) fn one<'a>(id: u32, pipeline: &PipelineReference, needs: &Needs) -> Request<'a> {
    let thing = format!("the pipeline \"{pipeline}\"");
    Request::get(&["build", "definitions", &id.to_string()])
        .named(format!("read {thing}"))
        .needs(needs)
        .missing(thing)
}

/// The id of the one pipeline that is meant
///
/// Errors: `resource.not_found` with the names near to it; `input.invalid` when pipelines in several folders have
/// the name, with the folder and id of each.
pub(super) async fn find(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    needs: &Needs,
) -> Result<u32, Error> {
    let name = match pipeline {
        PipelineReference::Id(id) => return Ok(*id),
        PipelineReference::Name(name) => name,
    };
    let thing = format!("the pipeline \"{name}\"");
    let request = Request::get(&["build", "definitions"])
        .query("name", name.as_str())
        .list()
        .named(format!("look up {thing}"))
        .needs(needs)
        .missing(thing.clone());
    let found: Vec<Known> = session.send_list(request).await?;
    by_name::id(session, "pipeline", name.as_str(), found, session.send_list(all(session).list())).await
}

/// Reads a pipeline, changes it, writes it back, and answers it as it is then; `words` say what is done: `enable`
///
/// Errors: those of the change; `resource.conflict` when somebody else changed it meanwhile.
async fn revise(
    session: &OpenSession<'_>,
    id: u32,
    pipeline: &PipelineReference,
    words: &str,
    change: impl FnOnce(&mut Document) -> Result<(), Error>,
) -> Result<Pipeline, Error> {
    let thing = format!("the pipeline \"{pipeline}\"");
    let write = |document: &Document| {
        Ok(Request::put(&["build", "definitions", &id.to_string()])
            .json(document)?
            .named(format!("{words} {thing}"))
            .needs(&EDIT_NEEDS)
            .missing(thing.clone()))
    };
    let written = session.revise(&thing, || one(id, pipeline, &EDIT_NEEDS), change, write).await?;
    written.read().ok_or_else(|| {
        let message = format!("Could not {words} {thing}: the service's answer is not a pipeline");
        Error::new(ErrorCode::ServiceBadResponse, message)
    })
}

/// Changes a pipeline; the new revision is marked, for when the response is lost
///
/// Errors: those of [`find`] and of the change; `resource.conflict` when somebody else changed it meanwhile.
pub(super) async fn edit(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    change: impl FnOnce(&mut Document) -> Result<(), Error>,
) -> Result<Pipeline, Error> {
    let id = find(session, pipeline, &EDIT_NEEDS).await?;
    let mark = Mark::new();
    let marked = |document: &mut Document| {
        change(document)?;
        document.set("comment", &mark.as_str())
    };
    let look = |_| async {
        if !revisions::have(session, history(id), &mark).await? {
            return Ok(Vec::new());
        }
        let now: Pipeline = session.send(one(id, pipeline, &EDIT_NEEDS)).await?;
        Ok(mark.candidate(now, Some(mark.as_str())).into_iter().collect())
    };
    session.settled("pipeline", revise(session, id, pipeline, "edit", marked), look).await
}

/// Lets a pipeline run, wait or rest: `enabled`, `paused`, `disabled`
pub(super) async fn set_queue_status(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    words: &str,
    status: &str,
) -> Result<Pipeline, Error> {
    let id = find(session, pipeline, &EDIT_NEEDS).await?;
    let change = |document: &mut Document| {
        // What was said about the latest revision is not said about the next one.
        document.remove("comment");
        document.set("queueStatus", &status)
    };
    let there = async {
        let now: Pipeline = session.send(one(id, pipeline, &EDIT_NEEDS)).await?;
        Ok((now.queue_status.as_deref() == Some(status)).then_some(now))
    };
    session.reached(revise(session, id, pipeline, words, change), there).await
}

/// The request that lists a pipeline's revisions
fn history<'a>(id: u32) -> Request<'a> {
    Request::get(&["build", "definitions", &id.to_string(), "revisions"])
        .list()
        .named(format!("read the history of the pipeline {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline {id}"))
}

/// The pipelines of a name in a folder, for when the response to making one was lost
pub(super) async fn made(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
) -> Result<Vec<Pipeline>, Error> {
    let request =
        all(session).query("name", name).query("path", folder).query("includeAllProperties", "true");
    let mut found: Vec<Pipeline> = session.send_list(request.list()).await?;
    found.retain(|one| one.is_called(name, folder));
    Ok(found)
}

/// The same, for one whose first revision was marked
pub(super) async fn marked(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
    mark: &Mark,
) -> Result<Vec<Candidate<Pipeline>>, Error> {
    let found = made(session, name, folder).await?;
    revisions::candidates(session, found, |one| history(one.id), mark).await
}
