//! Projects, repositories and pipelines as a world describes them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use super::Artifact;
use super::Policy;
use super::Process;
use super::ReleasePipeline;
use super::Resource;
use super::Script;
use super::Stage;
use super::TestRun;
use super::error::WorldError;
use super::error::distinct;
use crate::names;

/// The default file of a pipeline.
const PIPELINE_FILE: &str = "/azure-pipelines.yml";

const SITE_PIPELINE: &str = "\
trigger: none

parameters:
  - name: environment
    type: string
    default: test

steps:
  - script: echo Releasing to ${{ parameters.environment }}
";

/// A project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default = "well_formed")]
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) visibility: Visibility,
    #[serde(default)]
    pub(crate) process: Process,
    #[serde(default)]
    pub(crate) repositories: Vec<Repository>,
    #[serde(default)]
    pub(crate) pipelines: Vec<Pipeline>,
    #[serde(default)]
    pub(crate) releases: Vec<ReleasePipeline>,
    #[serde(default)]
    pub(crate) resources: Vec<Resource>,
}

fn well_formed() -> String {
    "wellFormed".to_owned()
}

impl Project {
    /// An empty project.
    pub fn named(name: &str) -> Self {
        Project {
            name: name.to_owned(),
            description: String::new(),
            state: well_formed(),
            visibility: Visibility::Private,
            process: Process::default(),
            repositories: Vec::new(),
            pipelines: Vec::new(),
            releases: Vec::new(),
            resources: Vec::new(),
        }
    }

    /// A project with a repository `site` (a README and an `azure-pipelines.yml` with one template parameter,
    /// `environment`, on `main`) and a pipeline `site` on that file, whose runs leave an artifact `drop`.
    pub fn with_site(name: &str) -> Self {
        let site =
            Repository::named("site").file("/README.md", "# site\n").file(PIPELINE_FILE, SITE_PIPELINE);
        let drop = Artifact::named("drop").file("index.html", "<h1>site</h1>\n");
        Project::named(name).repository(site).pipeline(Pipeline::named("site").artifact(drop))
    }

    /// Adds a repository.
    pub fn repository(mut self, repository: Repository) -> Self {
        self.repositories.push(repository);
        self
    }

    /// Adds a pipeline.
    pub fn pipeline(mut self, pipeline: Pipeline) -> Self {
        self.pipelines.push(pipeline);
        self
    }

    /// Adds a release pipeline.
    pub fn release_pipeline(mut self, pipeline: ReleasePipeline) -> Self {
        self.releases.push(pipeline);
        self
    }

    /// Adds a protected resource.
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resources.push(resource);
        self
    }

    /// Sets the state in the service's spelling: `wellFormed`, `createPending`, `deleting`, `new`, `deleted`.
    pub fn state(mut self, state: &str) -> Self {
        self.state = state.to_owned();
        self
    }

    /// Sets the process.
    pub fn process(mut self, process: Process) -> Self {
        self.process = process;
        self
    }

    /// Sets the visibility.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    pub(super) fn check(&self) -> Result<(), WorldError> {
        distinct("repository", self.repositories.iter().map(|repository| repository.name.as_str()))?;
        let places = self.pipelines.iter().map(|pipeline| {
            let folder = names::folder(pipeline.folder.as_deref().unwrap_or_default());
            format!("{}\\{}", folder.trim_end_matches('\\'), pipeline.name)
        });
        let places: Vec<String> = places.collect();
        distinct("pipeline", places.iter().map(|place| place.trim_start_matches('\\')))?;
        for pipeline in &self.pipelines {
            distinct("stage", pipeline.stages.iter().map(|stage| stage.name.as_str()))?;
            distinct("artifact", pipeline.artifacts.iter().map(|artifact| artifact.name.as_str()))?;
            let name = pipeline.repository_name();
            if !self.repositories.iter().any(|known| names::same(&known.name, name)) {
                return Err(WorldError(format!("pipeline \"{}\": no repository \"{name}\"", pipeline.name)));
            }
        }
        distinct("release pipeline", self.releases.iter().map(|pipeline| pipeline.name.as_str()))?;
        for release in &self.releases {
            distinct("stage", release.stages.iter().map(|stage| stage.name.as_str()))?;
            let name = &release.pipeline;
            if !self.pipelines.iter().any(|known| names::same(&known.name, name)) {
                return Err(WorldError(format!(
                    "release pipeline \"{}\": no pipeline \"{name}\"",
                    release.name
                )));
            }
        }
        let resources: Vec<String> =
            self.resources.iter().map(|resource| format!("{:?} {}", resource.kind, resource.name)).collect();
        distinct("resource", resources.iter().map(String::as_str))?;
        Ok(())
    }
}

/// The visibility of a project. It is only shown: the anonymous identity sees no projects here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Visible to members.
    #[default]
    Private,
    /// Visible to everyone.
    Public,
}

impl Visibility {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Visibility::Private => "private",
            Visibility::Public => "public",
        }
    }
}

/// A Git repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    pub(crate) name: String,
    /// Files on `main`, which is the default branch if it has any.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Other branches, with the files that each has in addition to those of `main`.
    #[serde(default)]
    pub(crate) branches: BTreeMap<String, BTreeMap<String, String>>,
    /// The policies of its branches.
    #[serde(default)]
    pub(crate) policies: Vec<Policy>,
}

impl Repository {
    /// An empty repository, without commits and branches.
    pub fn named(name: &str) -> Self {
        Repository {
            name: name.to_owned(),
            files: BTreeMap::new(),
            branches: BTreeMap::new(),
            policies: Vec::new(),
        }
    }

    /// Adds a file on `main`. The path starts with `/`.
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.files.insert(path.to_owned(), content.to_owned());
        self
    }

    /// Adds a policy to one of its branches.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policies.push(policy);
        self
    }

    /// Adds a file on another branch, which also has the files of `main`.
    pub fn file_on(mut self, branch: &str, path: &str, content: &str) -> Self {
        self.branches.entry(branch.to_owned()).or_default().insert(path.to_owned(), content.to_owned());
        self
    }
}

/// A YAML pipeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub(crate) name: String,
    /// The root folder by default.
    #[serde(default)]
    pub(crate) folder: Option<String>,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default = "pipeline_file")]
    pub(crate) yaml: String,
    #[serde(default)]
    pub(crate) settable: Vec<String>,
    #[serde(default)]
    pub(crate) script: Option<Script>,
    #[serde(default)]
    pub(crate) stages: Vec<Stage>,
    #[serde(default)]
    pub(crate) artifacts: Vec<Artifact>,
    #[serde(default)]
    pub(crate) test_runs: Vec<TestRun>,
}

fn pipeline_file() -> String {
    PIPELINE_FILE.to_owned()
}

impl Pipeline {
    /// A pipeline for `/azure-pipelines.yml` in the repository with the same name.
    pub fn named(name: &str) -> Self {
        Pipeline {
            name: name.to_owned(),
            folder: None,
            repository: None,
            yaml: pipeline_file(),
            settable: Vec::new(),
            script: None,
            stages: Vec::new(),
            artifacts: Vec::new(),
            test_runs: Vec::new(),
        }
    }

    /// Sets the repository and the YAML file.
    pub fn on(mut self, repository: &str, yaml: &str) -> Self {
        self.repository = Some(repository.to_owned());
        self.yaml = yaml.to_owned();
        self
    }

    /// Sets the folder, such as `\team`.
    pub fn folder(mut self, folder: &str) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Allows a variable to be set when a run starts.
    pub fn settable(mut self, variable: &str) -> Self {
        self.settable.push(variable.to_owned());
        self
    }

    /// Sets the script of its runs.
    pub fn script(mut self, script: Script) -> Self {
        self.script = Some(script);
        self
    }

    /// Adds a stage to its runs. With stages, the script only says how long a run is queued.
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// Adds an artifact of its runs.
    pub fn artifact(mut self, artifact: Artifact) -> Self {
        self.artifacts.push(artifact);
        self
    }

    /// Adds a test run that its runs publish.
    pub fn test_run(mut self, test_run: TestRun) -> Self {
        self.test_runs.push(test_run);
        self
    }

    pub(crate) fn repository_name(&self) -> &str {
        self.repository.as_deref().unwrap_or(&self.name)
    }
}
