//! Enumerations: a client sends a choice by name, in any case, or by number.

use serde::Deserialize;
use serde::Deserializer;
use serde_json::Value;

/// An enumeration of the service, with names and numbers.
pub(crate) struct Choices(&'static [(&'static str, i64)]);

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
pub(crate) const PROJECT_STATE: Choices = Choices(&[
    ("unchanged", -2),
    ("all", -1),
    ("new", 0),
    ("wellFormed", 1),
    ("deleting", 2),
    ("createPending", 3),
    ("deleted", 4),
]);
pub(crate) const SOURCE_CONTROL: Choices = Choices(&[("tfvc", 1), ("git", 2)]);
pub(crate) const RECURSION: Choices =
    Choices(&[("none", 0), ("oneLevel", 1), ("oneLevelPlusNestedEmptyFolders", 4), ("full", 120)]);
pub(crate) const STAGE_STATE: Choices = Choices(&[("cancel", 0), ("retry", 1), ("run", 2)]);
pub(crate) const SIGNED_CONTENT: Choices = Choices(&[("none", 0), ("signedContent", 1)]);
pub(crate) const CONFIGURATION_TYPE: Choices =
    Choices(&[("unknown", 0), ("yaml", 1), ("designerJson", 2), ("justInTime", 3)]);
pub(crate) const REPOSITORY_TYPE: Choices = Choices(&[("unknown", 0), ("gitHub", 1), ("azureReposGit", 2)]);
pub(crate) const TRIGGER_TYPE: Choices = Choices(&[
    ("none", 1),
    ("continuousIntegration", 2),
    ("batchedContinuousIntegration", 4),
    ("schedule", 8),
    ("gatedCheckIn", 16),
    ("batchedGatedCheckIn", 32),
    ("pullRequest", 64),
    ("buildCompletion", 128),
    ("all", 255),
]);
pub(crate) const AUTHORIZATION_SCOPE: Choices = Choices(&[("projectCollection", 1), ("project", 2)]);
pub(crate) const PRIORITY: Choices =
    Choices(&[("high", 1), ("aboveNormal", 2), ("normal", 3), ("belowNormal", 4), ("low", 5)]);
pub(crate) const BUILD_REASON: Choices = Choices(&[
    ("none", 0),
    ("manual", 1),
    ("individualCI", 2),
    ("batchedCI", 4),
    ("schedule", 8),
    ("scheduleForced", 16),
    ("userCreated", 32),
    ("validateShelveset", 64),
    ("checkInShelveset", 128),
    ("pullRequest", 256),
    ("buildCompletion", 512),
    ("resourceTrigger", 1024),
    ("triggered", 1967),
    ("all", 2031),
]);
pub(crate) const DEFINITION_ORDER: Choices = Choices(&[
    ("none", 0),
    ("lastModifiedAscending", 1),
    ("lastModifiedDescending", 2),
    ("definitionNameAscending", 3),
    ("definitionNameDescending", 4),
]);
pub(crate) const BUILD_ORDER: Choices = Choices(&[
    ("finishTimeAscending", 2),
    ("finishTimeDescending", 3),
    ("queueTimeDescending", 4),
    ("queueTimeAscending", 5),
    ("startTimeDescending", 6),
    ("startTimeAscending", 7),
]);
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
pub(crate) const COMMENT_TYPE: Choices =
    Choices(&[("unknown", 0), ("text", 1), ("codeChange", 2), ("system", 3)]);
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
        let number = text.parse::<i64>().ok();
        let found =
            self.0.iter().find(|(name, value)| name.eq_ignore_ascii_case(text) || number == Some(*value));
        found.map_or(text, |(name, _)| name)
    }

    /// Returns the names of several choices: names or numbers with commas, or the sum of the numbers of flags. A text that
    /// is neither is returned as it is.
    pub(crate) fn names<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut names = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let name = self.name(part);
            match part.parse::<i64>() {
                Ok(sum) if name == part => {
                    let flags = self.0.iter().filter(|(_, flag)| *flag > 0 && flag.count_ones() == 1);
                    names.extend(flags.filter(|(_, flag)| sum & flag != 0).map(|(name, _)| *name));
                }
                _ => names.push(name),
            }
        }
        names
    }

    /// Replaces the number of a choice by its name, as the service answers.
    pub(crate) fn resolve(&self, value: &mut Value) {
        let text = match &*value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        *value = Value::String(self.name(&text).to_owned());
    }
}

/// Deserializes a choice: its name, or its number as text.
pub(crate) fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Name(String),
        Number(i64),
    }
    Ok(Option::<Written>::deserialize(deserializer)?.map(|written| match written {
        Written::Name(name) => name,
        Written::Number(number) => number.to_string(),
    }))
}

/// Deserializes a text that clients also send as a number, for example an identifier.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(chosen(deserializer)?.unwrap_or_default())
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
        assert_eq!(BUILD_STATUS.names("Completed, 4"), ["completed", "cancelling"]);
        assert_eq!(BUILD_STATUS.names("6"), ["completed", "cancelling"], "the sum of two flags");
        let mut value = serde_json::json!(4);
        BUILD_STATUS.resolve(&mut value);
        assert_eq!(value, "cancelling");
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
