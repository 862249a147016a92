//! Ids and durations: whole numbers with bounds.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::contract::inputs::integer::deserialize_integer;

/// A pipeline run's id, which is its build's id: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(u32);

impl RunId {
    /// Returns the id
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserialize_integer(deserializer, "a pipeline run's id", 1..=i64::from(i32::MAX))?;
        Ok(RunId(u32::try_from(id).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for RunId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RunId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// How long an action may take, in whole seconds: 1 to 604,800 (a week)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimit(u32);

impl TimeLimit {
    /// Limit of this package: a run of a pipeline on an agent of the service takes less than a week
    const MAX_SECONDS: u32 = 604_800;

    /// Creates a limit from seconds, clamped to the bounds
    pub const fn from_seconds(seconds: u32) -> Self {
        TimeLimit(match seconds {
            0 => 1,
            seconds if seconds > Self::MAX_SECONDS => Self::MAX_SECONDS,
            seconds => seconds,
        })
    }

    /// Returns the limit as a duration
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

impl Default for TimeLimit {
    /// Returns one hour
    fn default() -> Self {
        TimeLimit::from_seconds(3600)
    }
}

impl<'de> Deserialize<'de> for TimeLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds =
            deserialize_integer(deserializer, "a number of seconds", 1..=i64::from(Self::MAX_SECONDS))?;
        Ok(TimeLimit(u32::try_from(seconds).expect("the bounds fit into 32 bits")))
    }
}

impl Serialize for TimeLimit {
    /// The default of a field is part of its schema
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl JsonSchema for TimeLimit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TimeLimit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": Self::MAX_SECONDS, "x-unit": "seconds" })
    }
}

/// The maximum number of lines of a log: 1 to 100,000; 10,000 by default
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCount(u32);

impl LineCount {
    /// Limit of this package: the lines are in memory at once; the output counts all of them
    const MAX: u32 = 100_000;

    /// Returns the number of lines
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for LineCount {
    fn default() -> Self {
        LineCount(10_000)
    }
}

impl<'de> Deserialize<'de> for LineCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = deserialize_integer(deserializer, "a number of lines", 1..=i64::from(Self::MAX))?;
        Ok(LineCount(u32::try_from(lines).expect("the bounds fit into 32 bits")))
    }
}

impl Serialize for LineCount {
    /// The default of a field is part of its schema
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl JsonSchema for LineCount {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "LineCount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": Self::MAX })
    }
}
