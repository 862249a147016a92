//! Enumerations: a client sends a choice by name, in any case, or by number.

use serde::Deserialize;
use serde::Deserializer;

/// An enumeration of the service, with names and numbers.
pub(crate) struct Choices(&'static [(&'static str, u32)]);

pub(crate) const BUILD_STATUS: Choices = Choices(&[
    ("none", 0),
    ("inProgress", 1),
    ("completed", 2),
    ("cancelling", 4),
    ("postponed", 8),
    ("notStarted", 32),
    ("all", 47),
]);
pub(crate) const BUILD_RESULT: Choices =
    Choices(&[("none", 0), ("succeeded", 2), ("partiallySucceeded", 4), ("failed", 8), ("canceled", 32)]);
pub(crate) const QUEUE_STATUS: Choices = Choices(&[("enabled", 0), ("paused", 1), ("disabled", 2)]);
pub(crate) const VISIBILITY: Choices = Choices(&[("private", 0), ("public", 2)]);
pub(crate) const ENVIRONMENT_STATUS: Choices = Choices(&[
    ("undefined", 0),
    ("notStarted", 1),
    ("inProgress", 2),
    ("succeeded", 4),
    ("canceled", 8),
    ("rejected", 16),
    ("queued", 32),
    ("scheduled", 64),
    ("partiallySucceeded", 128),
]);
pub(crate) const RELEASE_STATUS: Choices =
    Choices(&[("undefined", 0), ("draft", 1), ("active", 2), ("abandoned", 4)]);
pub(crate) const APPROVAL_STATUS: Choices =
    Choices(&[("undefined", 0), ("pending", 1), ("approved", 2), ("rejected", 4), ("reassigned", 6)]);
pub(crate) const CHANGE_TYPE: Choices = Choices(&[("add", 1), ("edit", 2), ("rename", 8), ("delete", 16)]);
pub(crate) const PULL_REQUEST_STATUS: Choices =
    Choices(&[("notSet", 0), ("active", 1), ("abandoned", 2), ("completed", 3), ("all", 4)]);
pub(crate) const WORK_ITEM_EXPAND: Choices =
    Choices(&[("none", 0), ("relations", 1), ("fields", 2), ("links", 3), ("all", 4)]);
pub(crate) const ERROR_POLICY: Choices = Choices(&[("fail", 1), ("omit", 2)]);
pub(crate) const MERGE_STRATEGY: Choices =
    Choices(&[("noFastForward", 1), ("squash", 2), ("rebase", 3), ("rebaseMerge", 4)]);
pub(crate) const THREAD_STATUS: Choices = Choices(&[
    ("unknown", 0),
    ("active", 1),
    ("fixed", 2),
    ("wontFix", 3),
    ("closed", 4),
    ("byDesign", 5),
    ("pending", 6),
]);
pub(crate) const STATUS_STATE: Choices = Choices(&[
    ("notSet", 0),
    ("pending", 1),
    ("succeeded", 2),
    ("failed", 3),
    ("error", 4),
    ("notApplicable", 5),
]);
pub(crate) const FIELD_FORMAT: Choices = Choices(&[("markdown", 0), ("html", 1)]);
pub(crate) const CONTENT_TYPE: Choices = Choices(&[("rawText", 0), ("base64Encoded", 1)]);
pub(crate) const VERSION_TYPE: Choices = Choices(&[("branch", 0), ("tag", 1), ("commit", 2)]);

impl Choices {
    /// Returns the name of a choice, or the text itself if it is neither a name nor a number of this enumeration.
    pub(crate) fn name<'t>(&self, text: &'t str) -> &'t str {
        let number = text.parse::<u32>().ok();
        let found =
            self.0.iter().find(|(name, value)| name.eq_ignore_ascii_case(text) || number == Some(*value));
        found.map_or(text, |(name, _)| name)
    }
}

/// Deserializes a choice: its name, or its number as text.
pub(crate) fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Name(String),
        Number(u32),
    }
    Ok(Option::<Written>::deserialize(deserializer)?.map(|written| match written {
        Written::Name(name) => name,
        Written::Number(number) => number.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::BUILD_STATUS;
    use super::chosen;

    #[test]
    fn a_choice_is_a_name_or_a_number() {
        for text in ["cancelling", "Cancelling", "4"] {
            assert_eq!(BUILD_STATUS.name(text), "cancelling");
        }
        assert_eq!(BUILD_STATUS.name("5"), "5");
        #[derive(Deserialize)]
        struct Body {
            #[serde(default, deserialize_with = "chosen")]
            status: Option<String>,
        }
        for (body, expected) in [
            (r#"{"status":4}"#, Some("4")),
            (r#"{"status":"Cancelling"}"#, Some("Cancelling")),
            (r#"{"status":null}"#, None),
            ("{}", None),
        ] {
            let read: Body = serde_json::from_str(body).unwrap();
            assert_eq!(read.status.as_deref(), expected, "{body}");
        }
    }
}
