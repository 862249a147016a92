//! Releases: ids, names of stages, comments.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::integer::deserialize_integer;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::kinds::definition::plain_text;
use crate::contract::printable;

/// Defines a kind of numeric id: 1 to 2,147,483,647
macro_rules! id_kind {
    ($(#[$doc:meta])* $kind:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $kind(u32);

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = deserialize_integer(deserializer, $expected, 1..=i64::from(i32::MAX))?;
                Ok($kind(u32::try_from(id).expect("the bounds fit into 32 bits")))
            }
        }

        impl JsonSchema for $kind {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
            }
        }
    };
}

id_kind! {
    /// A release's id: 1 to 2,147,483,647
    ReleaseId, "a release's id"
}
id_kind! {
    /// The id of a release's approval: 1 to 2,147,483,647
    ReleaseApprovalId, "the id of a release's approval"
}

plain_text! {
    /// The name of a release pipeline's stage: one line
    ReleaseStageName, "a stage's name", false
}
plain_text! {
    /// A comment for the record
    Remark, "a remark", true
}

impl fmt::Display for ReleaseStageName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.as_str(), 256))
    }
}

impl Serialize for ReleaseStageName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
