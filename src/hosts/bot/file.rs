//! The bot file as it is written: tolerant of what designers and exports leave out or fill with empties.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Visitor;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::JsonFault;

/// The largest bot file that is read, in bytes
pub(super) const MAX_BYTES: usize = 16 << 20;

/// A bot file; everything this host has no use for is passed over
#[derive(Debug, Default, Deserialize)]
pub(super) struct RawBot {
    pub(super) nodes: Vec<RawNode>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) variables: Vec<RawVariable>,
}

/// A node: an action, a comment, a block, a branch of a block
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RawNode {
    #[serde(deserialize_with = "or_default")]
    pub(super) uid: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) command_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) package_name: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) disabled: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) attributes: Vec<RawAttribute>,
    #[serde(deserialize_with = "or_default")]
    pub(super) children: Vec<RawNode>,
    #[serde(deserialize_with = "or_default")]
    pub(super) branches: Vec<RawNode>,
    #[serde(deserialize_with = "or_default")]
    pub(super) return_to: RawValue,
    #[serde(deserialize_with = "or_default")]
    pub(super) returns: BTreeMap<String, RawValue>,
}

/// An attribute of a node, with what is nested under the chosen option
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RawAttribute {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) value: RawValue,
    #[serde(deserialize_with = "or_default")]
    pub(super) attributes: Vec<RawAttribute>,
    #[serde(deserialize_with = "or_default")]
    pub(super) return_to: RawValue,
    #[serde(deserialize_with = "scalar")]
    pub(super) group_attribute: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) operator: String,
}

/// A value: its type, and the member of that type filled in; `expression` instead where it is computed
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RawValue {
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub(super) kind: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) string: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) expression: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) number: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) boolean: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) list: Vec<RawValue>,
    #[serde(deserialize_with = "or_default")]
    pub(super) dictionary: Vec<RawEntry>,
    #[serde(deserialize_with = "or_default")]
    pub(super) variable_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) package_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) credential: RawCredential,
    #[serde(deserialize_with = "boxed")]
    pub(super) session_name: Option<Box<RawValue>>,
    #[serde(deserialize_with = "or_default")]
    pub(super) session_target: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) conditional_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) iterator_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) exception_name: String,
    #[serde(deserialize_with = "boxed")]
    pub(super) taskbot_file: Option<Box<RawValue>>,
    #[serde(deserialize_with = "boxed")]
    pub(super) taskbot_input: Option<Box<RawValue>>,
    #[serde(deserialize_with = "scalar")]
    pub(super) taskbot_self: String,
}

/// An entry of a dictionary
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawEntry {
    #[serde(deserialize_with = "or_default")]
    pub(super) key: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) value: RawValue,
}

/// A credential of the designer's vault
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RawCredential {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) locker_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) attribute_name: String,
}

/// A variable as the bot declares it
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RawVariable {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub(super) kind: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) input: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) input_required: String,
    #[serde(deserialize_with = "scalar")]
    pub(super) output: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) default_value: RawValue,
    #[serde(deserialize_with = "or_default")]
    pub(super) session_type: String,
}

impl RawNode {
    /// Whether the node and all below it are skipped
    pub(super) fn is_disabled(&self) -> bool {
        self.disabled == "true"
    }

    /// The value of an attribute, wherever it is nested
    pub(super) fn attribute(&self, name: &str) -> Option<&RawAttribute> {
        find(&self.attributes, name)
    }
}

/// An attribute by name, also one nested under an option
pub(super) fn find<'a>(attributes: &'a [RawAttribute], name: &str) -> Option<&'a RawAttribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .or_else(|| attributes.iter().find_map(|attribute| find(&attribute.attributes, name)))
}

impl RawValue {
    /// Whether anything is given: some tools write every member with an empty value
    pub(super) fn is_given(&self) -> bool {
        let texts = [
            &self.string,
            &self.expression,
            &self.number,
            &self.boolean,
            &self.variable_name,
            &self.conditional_name,
            &self.iterator_name,
            &self.exception_name,
        ];
        texts.iter().any(|text| !text.is_empty())
            || !self.list.is_empty()
            || !self.dictionary.is_empty()
            || self.credential.is_given()
            || [&self.session_name, &self.taskbot_file].into_iter().flatten().any(|value| value.is_given())
    }
}

impl RawCredential {
    /// Whether it names a credential
    pub(super) fn is_given(&self) -> bool {
        !self.name.is_empty() || !self.locker_name.is_empty() || !self.attribute_name.is_empty()
    }
}

impl fmt::Debug for RawValue {
    /// The type only: a value may be a token
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawValue({})", self.kind)
    }
}

/// Reads a bot file's text, with or without a byte order mark
///
/// Errors: `bot.unreadable` with line and column and never a word of the text.
pub(super) fn read(text: &[u8]) -> Result<RawBot, Error> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).map_err(|error| {
        let fault = JsonFault::from(error);
        Error::new(ErrorCode::BotUnreadable, format!("the file is not a bot file: {fault}"))
            .with("line", fault.line)
            .with("column", fault.column)
    })
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A text, number or boolean as its text: files carry booleans and numbers both ways
fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Scalar;
    impl Visitor<'_> for Scalar {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text, number or boolean")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_bool<E>(self, flag: bool) -> Result<String, E> {
            Ok(flag.to_string())
        }

        fn visit_i64<E>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_f64<E>(self, number: f64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }
    }
    deserializer.deserialize_any(Scalar)
}

fn boxed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Option::deserialize(deserializer)
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
