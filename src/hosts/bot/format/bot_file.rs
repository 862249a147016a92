//! The format of a bot file. Missing members and empty values are accepted, since designers and exports write both.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::IgnoredAny;
use serde::de::Visitor;

use crate::hosts::bot::format::attributes::Attributes;
use crate::hosts::bot::format::attributes::NestedAttribute;
use crate::hosts::bot::format::rare::Empty;
use crate::hosts::bot::format::rare::Rare;

/// The largest bot file that is read, in bytes
pub(crate) const MAX_BYTES: usize = 16 << 20;

/// A bot file; members that this host does not use are ignored
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RawBot {
    pub(crate) nodes: Vec<RawNode>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) variables: Vec<RawVariable>,
    /// What starts the bot in the platform that owns it
    #[serde(default, deserialize_with = "any_or_default")]
    pub(crate) triggers: Vec<IgnoredAny>,
    #[serde(default, deserialize_with = "any_or_default")]
    pub(crate) properties: RawProperties,
    /// A warning for each misspelt member
    #[serde(skip)]
    pub(crate) misspelt: Vec<String>,
}

/// The properties of a bot
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawProperties {
    /// The time after which the bot is stopped: `0s` for none
    #[serde(deserialize_with = "scalar")]
    pub(crate) timeout: String,
}

/// A node: an action, a comment, a block or a branch of a block
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawNode {
    #[serde(deserialize_with = "or_default")]
    pub(crate) uid: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) command_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) package_name: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) disabled: String,
    /// The name of a loop, which a break may refer to
    #[serde(deserialize_with = "any_or_default")]
    anchor: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: RawAttributes,
    #[serde(deserialize_with = "or_default")]
    pub(crate) children: Vec<RawNode>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) branches: Vec<RawNode>,
    pub(crate) return_to: Rare<RawValue>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) returns: BTreeMap<String, RawValue>,
}

/// The attributes of a node, or of an attribute
pub(crate) type RawAttributes = Attributes<RawAttribute>;

/// An attribute of a node, with the attributes that are nested under the selected option
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawAttribute {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) value: RawValue,
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: RawAttributes,
    pub(crate) return_to: Rare<RawValue>,
    #[serde(deserialize_with = "scalar")]
    pub(crate) group_attribute: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) operator: String,
}

/// A value: its type and the member of that type; `expression` if the value is computed
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawValue {
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) string: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) expression: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) number: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) boolean: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) list: Vec<RawValue>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) dictionary: Vec<RawEntry>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) variable_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) package_name: String,
    pub(crate) credential: Rare<RawCredential>,
    #[serde(deserialize_with = "boxed")]
    pub(crate) session_name: Option<Box<RawValue>>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) session_target: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) conditional_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) iterator_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) exception_name: String,
    #[serde(deserialize_with = "boxed")]
    pub(crate) taskbot_file: Option<Box<RawValue>>,
    #[serde(deserialize_with = "boxed")]
    pub(crate) taskbot_input: Option<Box<RawValue>>,
    #[serde(deserialize_with = "scalar")]
    pub(crate) taskbot_self: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) table: Option<Box<RawTable>>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) record: Option<Box<RawRecord>>,
}

/// A table: its columns and rows
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawTable {
    #[serde(deserialize_with = "or_default")]
    pub(crate) schema: Vec<RawField>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) rows: Vec<RawRecord>,
}

/// A record, or a row of a table, which has no columns of its own
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawRecord {
    #[serde(deserialize_with = "or_default")]
    pub(crate) schema: Vec<RawField>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) values: Vec<RawValue>,
}

/// A column of a table or a field of a record
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawField {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
}

/// An entry of a dictionary
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawEntry {
    #[serde(deserialize_with = "or_default")]
    pub(crate) key: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) value: RawValue,
}

/// A credential in the Credential Vault of the designer
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawCredential {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) locker_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) attribute_name: String,
}

/// A variable that the bot declares
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawVariable {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) input: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) input_required: String,
    #[serde(deserialize_with = "scalar")]
    pub(crate) output: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) default_value: RawValue,
    #[serde(deserialize_with = "or_default")]
    pub(crate) session_type: String,
}

impl RawNode {
    /// Returns whether the node and all nodes below it are skipped
    pub(crate) fn is_disabled(&self) -> bool {
        self.disabled == "true"
    }

    /// Returns the name of the loop, or of the loop that is left; empty if there is none
    pub(crate) fn anchor(&self) -> &str {
        match self.anchor.as_str() {
            "" => self.attribute("anchor").map_or("", |found| found.value.string.as_str()),
            anchor => anchor,
        }
    }

    /// Returns the attribute with this name, at any level
    pub(crate) fn attribute(&self, name: &str) -> Option<&RawAttribute> {
        self.attributes.named(name)
    }
}

impl NestedAttribute for RawAttribute {
    fn name(&self) -> &str {
        &self.name
    }

    fn below(&self) -> &RawAttributes {
        &self.attributes
    }

    fn owner(&self) -> Option<&'static str> {
        match self.value.kind.as_str() {
            "CONDITIONAL" => Some("condition"),
            "ITERATOR" => Some("iterator"),
            _ => None,
        }
    }
}

impl RawValue {
    /// Returns whether the value is set: some tools write every member with an empty value
    pub(crate) fn is_given(&self) -> bool {
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
            || self.table.as_ref().is_some_and(|table| !table.rows.is_empty() || !table.schema.is_empty())
            || self.record.as_ref().is_some_and(|record| !record.values.is_empty())
            || [&self.session_name, &self.taskbot_file].into_iter().flatten().any(|value| value.is_given())
    }
}

impl Empty for RawValue {
    fn empty() -> &'static Self {
        static EMPTY: LazyLock<RawValue> = LazyLock::new(RawValue::default);
        &EMPTY
    }
}

impl Empty for RawCredential {
    fn empty() -> &'static Self {
        static EMPTY: LazyLock<RawCredential> = LazyLock::new(RawCredential::default);
        &EMPTY
    }
}

impl RawCredential {
    /// Returns whether the credential is set
    pub(crate) fn is_given(&self) -> bool {
        !self.name.is_empty() || !self.locker_name.is_empty() || !self.attribute_name.is_empty()
    }
}

impl fmt::Debug for RawValue {
    /// Shows only the type, since a value may be a token
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawValue({})", self.kind)
    }
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a member that this host uses in one form; any other form is ignored
fn any_or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Any<T> {
        Known(T),
        Other(IgnoredAny),
    }
    Ok(match Any::deserialize(deserializer)? {
        Any::Known(known) => known,
        Any::Other(_) => T::default(),
    })
}

/// Reads a text, number or boolean as a text: files write booleans and numbers in both forms
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
