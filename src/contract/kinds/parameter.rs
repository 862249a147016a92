//! The value of a template parameter or variable.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Visitor;

use crate::contract::Number;

/// A text, number or boolean, sent as the text that the service accepts: `true`, `3`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ParameterValue(String);

impl ParameterValue {
    /// Returns the text that is sent
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ParameterValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;
        impl Visitor<'_> for Scalar {
            type Value = ParameterValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }

            fn visit_str<E>(self, text: &str) -> Result<ParameterValue, E> {
                Ok(ParameterValue(text.to_owned()))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<ParameterValue, E> {
                Ok(ParameterValue(flag.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<ParameterValue, E> {
                Ok(ParameterValue(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<ParameterValue, E> {
                Ok(ParameterValue(Number::Decimal(number).to_string()))
            }
        }
        deserializer.deserialize_any(Scalar)
    }
}

impl JsonSchema for ParameterValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ParameterValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "number" }, { "type": "boolean" }] })
    }
}
