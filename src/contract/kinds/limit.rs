//! The maximum number of entries of a list.

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

/// The maximum number of entries of a list: 1 to 100,000; 1,000 by default
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// Limit of this package: the entries of a list are in memory at once; `more` says whether there are others
    const MAX: u32 = 100_000;

    /// Returns the number of entries
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Limit(1000)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = deserialize_integer(deserializer, "a number of entries", 1..=i64::from(Self::MAX))?;
        Ok(Limit(u32::try_from(limit).expect("the bounds fit into 32 bits")))
    }
}

impl Serialize for Limit {
    /// The default of a field is part of its schema
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl JsonSchema for Limit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": Self::MAX })
    }
}
