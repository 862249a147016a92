//! How pipeline runs go: their states, their result and what moves them on.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// What moves a pipeline run from one state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Every GET of the run, or of its build, shows the state and then moves it one on. Nothing depends on a clock.
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

/// The states of a pipeline run in order: so often `notStarted`, so often `inProgress`, then `completed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// How often, or for how many durations, the run is `notStarted`.
    pub not_started: u32,
    /// The same for `inProgress`.
    pub in_progress: u32,
    /// What it ends with.
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

/// How a pipeline run ends, in the words of the build area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BuildResult {
    /// All well.
    Succeeded,
    /// Some steps failed that were allowed to. The pipelines area has no word for it.
    PartiallySucceeded,
    /// It failed.
    Failed,
    /// Somebody, or the service, stopped it.
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
