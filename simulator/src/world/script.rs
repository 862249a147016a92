//! The script of pipeline runs: their states, their result, and what makes them advance.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// What makes a pipeline run advance to the next state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Every GET of the run or of its build shows the state and then advances it. No clock is involved.
    Polls,
    /// Every state lasts this long (milliseconds in a world file).
    Timed(#[serde(with = "milliseconds")] Duration),
}

impl Pace {
    pub(crate) fn easy() -> Self {
        Pace::Timed(Duration::from_millis(800))
    }
}

mod milliseconds {
    use std::time::Duration;

    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serializer;

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// The states of a pipeline run: a number of times `notStarted`, a number of times `inProgress`, then `completed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// The number of states in which the run is `notStarted`.
    pub not_started: u32,
    /// The number of states in which it is `inProgress`.
    pub in_progress: u32,
    /// The result.
    pub result: BuildResult,
}

impl Default for Script {
    /// Once `notStarted`, twice `inProgress`, then succeeded.
    fn default() -> Self {
        Script::ending(BuildResult::Succeeded)
    }
}

impl Script {
    /// Once `notStarted`, twice `inProgress`, then this result.
    pub fn ending(result: BuildResult) -> Self {
        Script { not_started: 1, in_progress: 2, result }
    }
}

/// The result of a pipeline run, in the terms of the build area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BuildResult {
    /// All steps succeeded.
    Succeeded,
    /// Steps failed that were allowed to fail. The pipelines area has no word for it.
    PartiallySucceeded,
    /// It failed.
    Failed,
    /// A user or the service cancelled it.
    Canceled,
}

impl BuildResult {
    /// The spelling of the build area.
    pub(crate) fn as_build(self) -> &'static str {
        match self {
            BuildResult::Succeeded => "succeeded",
            BuildResult::PartiallySucceeded => "partiallySucceeded",
            BuildResult::Failed => "failed",
            BuildResult::Canceled => "canceled",
        }
    }

    /// The spelling of the pipelines area, which shows a partial success as `unknown`.
    pub(crate) fn as_run(self) -> &'static str {
        match self {
            BuildResult::PartiallySucceeded => "unknown",
            other => other.as_build(),
        }
    }
}
