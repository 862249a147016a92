//! The id of a request.

use std::borrow::Cow;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Error as _;

use crate::contract::Number;
use crate::contract::Value;
use crate::contract::holds_token;

/// The maximum length of an id, in characters
pub(super) const MAX_ID: usize = 128;

/// The id of a request: a text of at most 128 characters that contains no token, or an integer
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum RequestId {
    /// An integer
    Number(i64),
    /// A text
    Text(String),
}

impl RequestId {
    /// Returns the id that a value represents, or `None` if it is not one
    pub fn read(value: &Value) -> Option<RequestId> {
        match value {
            Value::Number(Number::Integer(number)) => Some(RequestId::Number(*number)),
            // The response repeats the id, and no output contains a token.
            Value::Text(text) if text.chars().nth(MAX_ID).is_none() && !holds_token(text) => {
                Some(RequestId::Text(text.clone()))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        RequestId::read(&value).ok_or_else(|| D::Error::custom("not an id"))
    }
}

impl JsonSchema for RequestId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RequestId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"], "maxLength": MAX_ID })
    }
}
