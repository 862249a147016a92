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
use serde::de::Error as _;
use serde::de::Unexpected;
use serde::de::Visitor;

use crate::contract::Number;
use crate::contract::Value;

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

impl AsRef<str> for ParameterValue {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A value of a template parameter: a text, number, boolean, list or dictionary
///
/// The service takes texts only (a list is refused with "Unable to convert from Array to String"), and reads the text of a
/// parameter of type object as YAML. JSON is YAML, so a list or a dictionary is sent as its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TemplateValue(String);

impl<'de> Deserialize<'de> for TemplateValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "a text, a number, a boolean, a list or a dictionary";
        match Value::deserialize(deserializer)? {
            Value::Null => Err(D::Error::invalid_type(Unexpected::Unit, &expected)),
            Value::Text(text) => Ok(TemplateValue(text)),
            Value::Boolean(flag) => Ok(TemplateValue(flag.to_string())),
            Value::Number(number) => Ok(TemplateValue(number.to_string())),
            value @ (Value::List(_) | Value::Dictionary(_)) => {
                serde_json::to_string(&value).map(TemplateValue).map_err(D::Error::custom)
            }
        }
    }
}

impl AsRef<str> for TemplateValue {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl JsonSchema for TemplateValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TemplateValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string" }, { "type": "number" }, { "type": "boolean" }, { "type": "array" }, { "type": "object" },
        ] })
    }
}
