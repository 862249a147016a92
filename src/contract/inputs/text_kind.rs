//! Kinds of input that are written as one text: the trait, and the macro that gives them `Deserialize` and a schema.

use std::fmt;

use serde::Deserializer;
use serde::de::Visitor;

use crate::contract::ParseError;
use crate::contract::inputs::parse_error::refuse;

/// A kind of input that is written as one text
pub trait TextKind: Sized {
    /// The expected input, in words: `a repository name`
    const EXPECTED: &'static str;

    /// Whether a number is taken as its text; `false` where a text of digits means something else
    const TAKES_NUMBER: bool = true;

    /// Parses a text; the error names the rule that the text breaks
    fn parse(text: &str) -> Result<Self, ParseError>;
}

/// Deserializes a text kind; the body of its `Deserialize`
pub(in crate::contract) fn deserialize_text<'de, D: Deserializer<'de>, K: TextKind>(
    deserializer: D,
) -> Result<K, D::Error> {
    struct Text<K>(std::marker::PhantomData<K>);
    impl<K: TextKind> Visitor<'_> for Text<K> {
        type Value = K;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(K::EXPECTED)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<K, E> {
            K::parse(text).map_err(refuse)
        }
    }
    let visitor = Text(std::marker::PhantomData);
    match K::TAKES_NUMBER {
        true => deserializer.deserialize_str(visitor),
        false => deserializer.deserialize_any(visitor),
    }
}

/// The longest name that a message shows, in characters
pub(in crate::contract) const MAX_SHOWN: usize = 1024;

/// Implements `Deserialize` and an inlined schema for a text kind
///
/// The keywords are those of JSON Schema; `x-attribute` is the attribute type of the manifest, TEXT when
/// it is not given.
macro_rules! text_kind {
    ($kind:ident, $schema:tt) => {
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::contract::inputs::text_kind::deserialize_text(deserializer)
            }
        }

        impl schemars::JsonSchema for $kind {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = schemars::json_schema!($schema);
                schema.insert("type".to_owned(), "string".into());
                schema
            }
        }
    };
}
pub(in crate::contract) use text_kind;
