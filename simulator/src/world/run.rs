//! What a pipeline run goes through and leaves behind, as a world describes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use super::BuildResult;

/// A stage of every run of a pipeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub(crate) name: String,
    #[serde(default = "one")]
    pub(crate) steps: u32,
    #[serde(default = "succeeded")]
    pub(crate) result: BuildResult,
    #[serde(default)]
    pub(crate) log: Vec<String>,
    /// The name of the user who has to approve it first.
    #[serde(default)]
    pub(crate) approver: Option<String>,
}

fn one() -> u32 {
    1
}

fn succeeded() -> BuildResult {
    BuildResult::Succeeded
}

impl Stage {
    /// A stage that takes one step and succeeds. The name is the one after `stage:` in a YAML file.
    pub fn named(name: &str) -> Self {
        Stage { name: name.to_owned(), steps: 1, result: succeeded(), log: Vec::new(), approver: None }
    }

    /// Sets how often, or for how many durations, a run is in it.
    pub fn steps(mut self, steps: u32) -> Self {
        self.steps = steps;
        self
    }

    /// Sets how it ends; one that fails is the last of its run. Retried, it succeeds.
    pub fn ending(mut self, result: BuildResult) -> Self {
        self.result = result;
        self
    }

    /// Sets who has to approve it first; until then the run waits before it.
    pub fn approver(mut self, user: &str) -> Self {
        self.approver = Some(user.to_owned());
        self
    }

    /// Adds a line to its log, which grows while the run is in it.
    pub fn line(mut self, line: &str) -> Self {
        self.log.push(line.to_owned());
        self
    }
}

/// What a run leaves behind when it is completed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) kind: ArtifactKind,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// In place of the files: so many bytes that are no archive, for measuring.
    #[serde(default)]
    pub(crate) filler: u64,
}

/// How an artifact is kept, and so how it is fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// As `PublishPipelineArtifact` keeps it: fetched from another host by a signed link.
    #[default]
    Pipeline,
    /// As `PublishBuildArtifacts` keeps it: in a container of the organization, fetched with the token.
    Container,
}

impl Artifact {
    /// A pipeline artifact without files.
    pub fn named(name: &str) -> Self {
        let files = BTreeMap::new();
        Artifact { name: name.to_owned(), kind: ArtifactKind::Pipeline, files, filler: 0 }
    }

    /// Sets how it is kept.
    pub fn kept(mut self, kind: ArtifactKind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds a file by its path in the artifact.
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.files.insert(path.to_owned(), content.to_owned());
        self
    }

    /// Makes it so many bytes that are no archive.
    pub fn filler(mut self, bytes: u64) -> Self {
        self.filler = bytes;
        self
    }
}
