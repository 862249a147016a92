//! How long a pipeline run is kept.

use std::borrow::Cow;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::contract::inputs::integer::deserialize_integer;

/// How many days a pipeline run is kept: 1 to 36,500, about a century
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionDays(u32);

impl RetentionDays {
    /// Limit of this package: the browser keeps a run for this long when it is to be kept for ever
    const MAX: u32 = 36_500;

    /// Returns the number of days
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for RetentionDays {
    fn default() -> Self {
        RetentionDays(Self::MAX)
    }
}

impl<'de> Deserialize<'de> for RetentionDays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = deserialize_integer(deserializer, "a number of days", 1..=i64::from(Self::MAX))?;
        Ok(RetentionDays(u32::try_from(days).expect("the bounds fit into 32 bits")))
    }
}

impl Serialize for RetentionDays {
    /// The default of a field is part of its schema
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl JsonSchema for RetentionDays {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RetentionDays".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": Self::MAX })
    }
}
