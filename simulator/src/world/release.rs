//! Release pipelines as a world describes them.

use serde::Deserialize;

use super::BuildResult;
use super::Script;

/// A classic release pipeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasePipeline {
    pub(crate) name: String,
    /// The pipeline whose runs it releases; it is the artifact's alias too.
    pub(crate) pipeline: String,
    #[serde(default)]
    pub(crate) stages: Vec<ReleaseStage>,
}

/// A stage of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseStage {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) starts: Starts,
    /// The name of the user who has to approve it first.
    #[serde(default)]
    pub(crate) approver: Option<String>,
    #[serde(default)]
    pub(crate) script: Option<Script>,
}

/// What starts a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Starts {
    /// The release is made.
    #[default]
    WithRelease,
    /// The stage of this name succeeded.
    After(String),
    /// Somebody deploys it.
    ByHand,
}

impl ReleasePipeline {
    /// One without stages that releases the runs of this pipeline.
    pub fn named(name: &str, pipeline: &str) -> Self {
        ReleasePipeline { name: name.to_owned(), pipeline: pipeline.to_owned(), stages: Vec::new() }
    }

    /// Adds a stage.
    pub fn stage(mut self, stage: ReleaseStage) -> Self {
        self.stages.push(stage);
        self
    }
}

impl ReleaseStage {
    /// One that starts with the release and succeeds.
    pub fn named(name: &str) -> Self {
        ReleaseStage { name: name.to_owned(), starts: Starts::WithRelease, approver: None, script: None }
    }

    /// Sets what starts it.
    pub fn starts(mut self, starts: Starts) -> Self {
        self.starts = starts;
        self
    }

    /// Sets who has to approve it first.
    pub fn approver(mut self, user: &str) -> Self {
        self.approver = Some(user.to_owned());
        self
    }

    /// Sets how it ends: one state queued, two under way.
    pub fn ending(mut self, result: BuildResult) -> Self {
        self.script = Some(Script::ending(result));
        self
    }
}
