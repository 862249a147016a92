//! A JSON value as the text of a generated file.

use serde_json::Value as Json;

/// Returns the text of a generated JSON file
pub(crate) fn json_file(value: &Json) -> String {
    format!("{value:#}\n")
}
