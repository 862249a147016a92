//! The description of the stages and artifacts of a pipeline's runs.

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
    /// The name of the user who must approve it before it starts.
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
    /// A stage with one step that succeeds. The name is the one after `stage:` in a YAML file.
    pub fn named(name: &str) -> Self {
        Stage { name: name.to_owned(), steps: 1, result: succeeded(), log: Vec::new(), approver: None }
    }

    /// Sets the number of states that a run spends in it.
    pub fn steps(mut self, steps: u32) -> Self {
        self.steps = steps;
        self
    }

    /// Sets its result. A stage that fails ends the run, and succeeds when it is retried.
    pub fn ending(mut self, result: BuildResult) -> Self {
        self.result = result;
        self
    }

    /// Sets the user who must approve it. Until then the run waits before the stage.
    pub fn approver(mut self, user: &str) -> Self {
        self.approver = Some(user.to_owned());
        self
    }

    /// Adds a line to its log, which grows while the run is in the stage.
    pub fn line(mut self, line: &str) -> Self {
        self.log.push(line.to_owned());
        self
    }
}

/// An artifact of a completed run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) kind: ArtifactKind,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Instead of the files, this many bytes that are not an archive, for measurements.
    #[serde(default)]
    pub(crate) filler: u64,
}

/// Where an artifact is stored, and so how it is downloaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// As `PublishPipelineArtifact` stores it: downloaded from another host with a signed link.
    #[default]
    Pipeline,
    /// As `PublishBuildArtifacts` stores it: in a container of the organization, downloaded with the token.
    Container,
}

impl Artifact {
    /// A pipeline artifact without files.
    pub fn named(name: &str) -> Self {
        let files = BTreeMap::new();
        Artifact { name: name.to_owned(), kind: ArtifactKind::Pipeline, files, filler: 0 }
    }

    /// Sets where it is stored.
    pub fn kept(mut self, kind: ArtifactKind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds a file with its path in the artifact.
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.files.insert(path.to_owned(), content.to_owned());
        self
    }

    /// Replaces the files by this many bytes that are not an archive.
    pub fn filler(mut self, bytes: u64) -> Self {
        self.filler = bytes;
        self
    }
}
