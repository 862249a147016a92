//! Kinds of input that are written as one text: the trait, and the macro that gives them `Deserialize` and a schema.

use std::fmt;

use serde::Deserializer;
use serde::de::Visitor;

use crate::contract::ParseError;
use crate::contract::inputs::parse_error::refuse;

/// A kind of input that is written as one text: its parser and what it expects, side by side
pub trait TextKind: Sized {
    /// What is expected, in words: `a repository name`
    const EXPECTED: &'static str;

    /// Takes a text or says which rule it breaks
    fn parse(text: &str) -> Result<Self, ParseError>;
}

/// The body of every text kind's `Deserialize`
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
    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

/// The longest name that a message shows, in characters
pub(in crate::contract) const MAX_SHOWN: usize = 1024;

/// Gives a text kind its `Deserialize` and its inlined schema
///
/// The schema's words are JSON schema's; `x-attribute` is the manifest's attribute type, TEXT when
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
