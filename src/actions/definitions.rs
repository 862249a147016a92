//! Pipelines as the build area knows them: definitions, YAML and classic, by name or id.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::OpenSession;
use crate::actions::missing::Named;
use crate::actions::missing::with_near;
use crate::actions::settlement::Made;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::ParameterValue;
use crate::contract::PipelineName;
use crate::contract::PipelineReference;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::contract::printable;
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
    /// Whether it can be run: enabled, disabled, paused
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
struct Person {
    #[serde(default)]
    id: Option<String>,
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    is_secret: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Links {
    #[serde(default)]
    web: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    href: Option<String>,
}

impl Links {
    /// The address in a browser
    pub(super) fn web(links: Option<Links>) -> Option<String> {
        links?.web?.href
    }
}

impl From<Definition> for Pipeline {
    fn from(definition: Definition) -> Self {
        let (kind, yaml_path) = match definition.process {
            Some(Process { kind: Some(2), yaml_filename }) => (Some("yaml".to_owned()), yaml_filename),
            Some(Process { kind: Some(1), .. }) => (Some("classic".to_owned()), None),
            _ => (None, None),
        };
        let source = definition.repository.unwrap_or(Source { id: None, name: None, default_branch: None });
        let shown = |(name, variable): (String, Variable)| {
            let value = variable.value.filter(|_| variable.is_secret != Some(true))?;
            Some((name, value))
        };
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
            variables: definition.variables.map(|all| all.into_iter().filter_map(shown).collect()),
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

/// A pipeline where it is referred to
#[derive(Deserialize)]
struct Reference {
    id: u32,
    name: String,
    #[serde(default)]
    path: Option<String>,
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
    let mut found: Vec<Reference> = session.send_list(request).await?;
    found.retain(|one| one.name.to_lowercase() == name.as_str().to_lowercase());
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => {
            let message =
                format!("{thing} is not in the project \"{}\", or cannot be seen", session.project());
            let error = Error::new(ErrorCode::ResourceNotFound, message);
            Err(with_near(error, name.as_str(), session.send_list::<Named>(all(session).list())).await)
        }
        several => Err(ambiguous(name, several)),
    }
}

fn ambiguous(name: &PipelineName, found: &[Reference]) -> Error {
    let place =
        |one: &Reference| format!("{} in {}", one.id, printable(one.path.as_deref().unwrap_or("\\"), 300));
    let candidates = found.iter().map(place).collect::<Vec<_>>().join(", ");
    let message = format!("{} pipelines in different folders are called \"{name}\"", found.len());
    Error::new(ErrorCode::InputInvalid, message)
        .help(format!("Give the id of one of them: {candidates}."))
        .with("candidates", candidates)
}

/// Reads a pipeline, changes it, writes it back, and answers it as it is then
///
/// `words` say what is done: `enable`. `is_so` tells whether a pipeline is what it shall become, for when the answer
/// is lost. Errors: those of [`find`] and of the change; `resource.conflict` when somebody else changed it meanwhile.
pub(super) async fn revise(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    words: &str,
    change: impl FnOnce(&mut Document) -> Result<(), Error>,
    is_so: impl FnOnce(&Pipeline) -> bool,
) -> Result<Pipeline, Error> {
    let id = find(session, pipeline, &EDIT_NEEDS).await?;
    let thing = format!("the pipeline \"{pipeline}\"");
    let write = |document: &Document| {
        Ok(Request::put(&["build", "definitions", &id.to_string()])
            .json(document)?
            .named(format!("{words} {thing}"))
            .needs(&EDIT_NEEDS)
            .missing(thing.clone()))
    };
    let send = async {
        let written = session.revise(&thing, || one(id, pipeline, &EDIT_NEEDS), change, write).await?;
        written.read().ok_or_else(|| {
            let message = format!("Could not {words} {thing}: the service's answer is not a pipeline");
            Error::new(ErrorCode::ServiceBadResponse, message)
        })
    };
    let there = async {
        let now: Pipeline = session.send(one(id, pipeline, &EDIT_NEEDS)).await?;
        Ok(is_so(&now).then_some(now))
    };
    session.reached(send, there).await
}

/// The pipelines of a name that are there, for when the answer to making one was lost
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

/// Sets variables of a definition and takes others away; what is known of one beside its value stays
pub(super) fn set_variables(
    document: &mut Document,
    values: &IndexMap<String, ParameterValue>,
    removed: impl Iterator<Item = impl AsRef<str>>,
) -> Result<(), Error> {
    let mut variables: IndexMap<String, Document> = document.get("variables").unwrap_or_default();
    let known = |variables: &IndexMap<String, Document>, name: &str| {
        variables.keys().find(|known| known.to_lowercase() == name.to_lowercase()).cloned()
    };
    for name in removed {
        if let Some(name) = known(&variables, name.as_ref()) {
            variables.shift_remove(&name);
        }
    }
    for (name, value) in values {
        let name = known(&variables, name).unwrap_or_else(|| name.clone());
        variables.entry(name).or_default().set("value", value)?;
    }
    document.set("variables", &variables)
}

/// Whether variables have these values; of a secret one nobody can tell
pub(super) fn has_variables(
    there: Option<&IndexMap<String, String>>,
    values: &IndexMap<String, ParameterValue>,
) -> bool {
    values.iter().all(|(name, value)| {
        let found =
            there.into_iter().flatten().find(|(known, _)| known.to_lowercase() == name.to_lowercase());
        found.is_some_and(|(_, there)| there == value.as_str())
    })
}
