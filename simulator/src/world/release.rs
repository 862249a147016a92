//! The description of classic release pipelines.

use serde::Deserialize;

use super::BuildResult;
use super::Script;

/// A classic release pipeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasePipeline {
    pub(crate) name: String,
    /// The pipeline whose runs it releases, and the alias of the artifact.
    pub(crate) pipeline: String,
    #[serde(default)]
    pub(crate) stages: Vec<ReleaseStage>,
}

/// A stage of a release pipeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseStage {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) starts: Starts,
    /// The name of the user who must approve it before it starts.
    #[serde(default)]
    pub(crate) approver: Option<String>,
    #[serde(default)]
    pub(crate) script: Option<Script>,
}

/// The trigger of a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Starts {
    /// The creation of the release.
    #[default]
    WithRelease,
    /// The success of the stage with this name.
    After(String),
    /// A user who deploys it.
    ByHand,
}

impl ReleasePipeline {
    /// A release pipeline without stages for the runs of a pipeline.
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
    /// A stage that starts with the release and succeeds.
    pub fn named(name: &str) -> Self {
        ReleaseStage { name: name.to_owned(), starts: Starts::WithRelease, approver: None, script: None }
    }

    /// Sets the trigger.
    pub fn starts(mut self, starts: Starts) -> Self {
        self.starts = starts;
        self
    }

    /// Sets the user who must approve it before it starts.
    pub fn approver(mut self, user: &str) -> Self {
        self.approver = Some(user.to_owned());
        self
    }

    /// Sets its result: one state queued, two in progress, then the result.
    pub fn ending(mut self, result: BuildResult) -> Self {
        self.script = Some(Script::ending(result));
        self
    }
}
