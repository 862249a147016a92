//! Enumerations: a client sends a choice by name, in any case, or by number.

use serde::Deserialize;
use serde::Deserializer;
use serde_json::Value;

/// An enumeration of the service, with names and numbers.
pub(crate) struct Choices(&'static [(&'static str, i64)]);

/// The choices at members of a body, wherever these are in it.
pub(crate) type MemberChoices = [(&'static str, &'static Choices)];

/// Makes a constant of each enumeration, and the list of all.
macro_rules! enumerations {
    ($($name:ident: $choices:expr;)*) => {
        $(pub(crate) const $name: Choices = Choices(&$choices);)*

        const ALL: &[(&str, &Choices)] = &[$((stringify!($name), &$name)),*];
    };
}

enumerations! {
    BUILD_STATUS: [("none", 0), ("inProgress", 1), ("completed", 2), ("cancelling", 4), ("postponed", 8),
        ("notStarted", 32), ("all", 47)];
    BUILD_RESULT: [("none", 0), ("succeeded", 2), ("partiallySucceeded", 4), ("failed", 8), ("canceled", 32)];
    QUEUE_STATUS: [("enabled", 0), ("paused", 1), ("disabled", 2)];
    PROJECT_STATE: [("unchanged", -2), ("all", -1), ("new", 0), ("wellFormed", 1), ("deleting", 2),
        ("createPending", 3), ("deleted", 4)];
    SOURCE_CONTROL: [("tfvc", 1), ("git", 2)];
    RECURSION: [("none", 0), ("oneLevel", 1), ("oneLevelPlusNestedEmptyFolders", 4), ("full", 120)];
    STAGE_STATE: [("cancel", 0), ("retry", 1), ("run", 2)];
    SIGNED_CONTENT: [("none", 0), ("signedContent", 1)];
    CONFIGURATION_TYPE: [("unknown", 0), ("yaml", 1), ("designerJson", 2), ("justInTime", 3)];
    REPOSITORY_TYPE: [("unknown", 0), ("gitHub", 1), ("azureReposGit", 2)];
    TRIGGER_TYPE: [("none", 1), ("continuousIntegration", 2), ("batchedContinuousIntegration", 4),
        ("schedule", 8), ("gatedCheckIn", 16), ("batchedGatedCheckIn", 32), ("pullRequest", 64),
        ("buildCompletion", 128), ("all", 255)];
    AUTHORIZATION_SCOPE: [("projectCollection", 1), ("project", 2)];
    PRIORITY: [("high", 1), ("aboveNormal", 2), ("normal", 3), ("belowNormal", 4), ("low", 5)];
    BUILD_REASON: [("none", 0), ("manual", 1), ("individualCI", 2), ("batchedCI", 4), ("schedule", 8),
        ("scheduleForced", 16), ("userCreated", 32), ("validateShelveset", 64), ("checkInShelveset", 128),
        ("pullRequest", 256), ("buildCompletion", 512), ("resourceTrigger", 1024), ("triggered", 1967),
        ("all", 2031)];
    DEFINITION_ORDER: [("none", 0), ("lastModifiedAscending", 1), ("lastModifiedDescending", 2),
        ("definitionNameAscending", 3), ("definitionNameDescending", 4)];
    BUILD_ORDER: [("finishTimeAscending", 2), ("finishTimeDescending", 3), ("queueTimeDescending", 4),
        ("queueTimeAscending", 5), ("startTimeDescending", 6), ("startTimeAscending", 7)];
    VISIBILITY: [("private", 0), ("public", 2)];
    ENVIRONMENT_STATUS: [("undefined", 0), ("notStarted", 1), ("inProgress", 2), ("succeeded", 4),
        ("canceled", 8), ("rejected", 16), ("queued", 32), ("scheduled", 64), ("partiallySucceeded", 128)];
    RELEASE_STATUS: [("undefined", 0), ("draft", 1), ("active", 2), ("abandoned", 4)];
    APPROVAL_STATUS: [("undefined", 0), ("pending", 1), ("approved", 2), ("rejected", 4), ("reassigned", 6),
        ("canceled", 7), ("skipped", 8)];
    CHANGE_TYPE: [("add", 1), ("edit", 2), ("rename", 8), ("delete", 16)];
    PULL_REQUEST_TIME: [("created", 1), ("closed", 2)];
    DELETED_OPTION: [("excludeDeleted", 0), ("includeDeleted", 1), ("onlyDeleted", 2)];
    PULL_REQUEST_QUERY_TYPE: [("notSet", 0), ("lastMergeCommit", 1), ("commit", 2)];
    PULL_REQUEST_STATUS: [("notSet", 0), ("active", 1), ("abandoned", 2), ("completed", 3), ("all", 4)];
    WORK_ITEM_EXPAND: [("none", 0), ("relations", 1), ("fields", 2), ("links", 3), ("all", 4)];
    FOLDER_ORDER: [("none", 0), ("folderAscending", 1), ("folderDescending", 2)];
    ENVIRONMENT_EXPAND: [("none", 0), ("resourceReferences", 1)];
    QUERY_EXPAND: [("none", 0), ("wiql", 1), ("clauses", 2), ("all", 3), ("minimal", 4)];
    ERROR_POLICY: [("fail", 1), ("omit", 2)];
    MERGE_STRATEGY: [("noFastForward", 1), ("squash", 2), ("rebase", 3), ("rebaseMerge", 4)];
    THREAD_STATUS: [("unknown", 0), ("active", 1), ("fixed", 2), ("wontFix", 3), ("closed", 4),
        ("byDesign", 5), ("pending", 6)];
    COMMENT_TYPE: [("unknown", 0), ("text", 1), ("codeChange", 2), ("system", 3)];
    STATUS_STATE: [("notSet", 0), ("pending", 1), ("succeeded", 2), ("failed", 3), ("error", 4),
        ("notApplicable", 5)];
    CHECK_APPROVAL_STATUS: [("undefined", 0), ("uninitiated", 1), ("pending", 2), ("approved", 4),
        ("rejected", 8), ("skipped", 16), ("canceled", 32), ("timedOut", 64), ("failed", 128),
        ("completed", 252), ("all", 255)];
    CHECK_EXPAND: [("none", 0), ("settings", 1)];
    COMMENT_ORDER: [("asc", 1), ("desc", 2)];
    VARIABLE_GROUP_ORDER: [("idAscending", 0), ("idDescending", 1)];
    STRUCTURE_GROUP: [("areas", 0), ("iterations", 1)];
    CONNECT_OPTIONS: [("none", 0), ("includeServices", 1), ("includeLastUserAccess", 2),
        ("includeInheritedDefinitionsOnly", 4), ("includeNonInheritedDefinitionsOnly", 8)];
    RELEASE_PIPELINE_EXPAND: [("none", 0), ("environments", 2), ("artifacts", 4), ("triggers", 8),
        ("variables", 16), ("tags", 32), ("lastRelease", 64)];
    RELEASE_EXPAND: [("none", 0), ("environments", 2), ("artifacts", 4), ("approvals", 8),
        ("manualInterventions", 16), ("variables", 32), ("tags", 64)];
    RELEASE_PIPELINE_ORDER: [("idAscending", 0), ("idDescending", 1), ("nameAscending", 2),
        ("nameDescending", 3)];
    RELEASE_ORDER: [("descending", 0), ("ascending", 1)];
    RELEASE_SOURCE: [("undefined", 0), ("restApi", 1), ("userInterface", 2), ("ide", 4),
        ("portalExtensionApi", 8)];
    RELEASE_REASON: [("none", 0), ("manual", 1), ("continuousIntegration", 2), ("schedule", 3),
        ("pullRequest", 4)];
    CONDITION_TYPE: [("undefined", 0), ("event", 1), ("environmentState", 2), ("artifact", 4)];
    RELEASE_TRIGGER: [("undefined", 0), ("artifactSource", 1), ("schedule", 2), ("sourceRepo", 3),
        ("containerImage", 4), ("package", 5), ("pullRequest", 6)];
    PHASE_TYPE: [("undefined", 0), ("agentBasedDeployment", 1), ("runOnServer", 2),
        ("machineGroupBasedDeployment", 4), ("deploymentGates", 8)];
    APPROVAL_ORDER: [("beforeGates", 1), ("afterSuccessfulGates", 2), ("afterGatesAlways", 4)];
    FIELD_FORMAT: [("markdown", 0), ("html", 1)];
    CONTENT_TYPE: [("rawText", 0), ("base64Encoded", 1)];
    VERSION_TYPE: [("branch", 0), ("tag", 1), ("commit", 2)];
}

/// Returns the enumerations that requests accept: the name of each in the simulator, and the service's words with
/// their numbers.
pub fn imitated_enumerations() -> impl Iterator<Item = (&'static str, &'static [(&'static str, i64)])> {
    ALL.iter().map(|(name, choices)| (*name, choices.0))
}

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

/// Replaces numbers by names, and other spellings by the service's own, at the members that have choices.
pub(crate) fn resolve_members(value: &mut Value, table: &MemberChoices) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| resolve_members(one, table)),
        Value::Object(members) => {
            for (name, inner) in members {
                match table.iter().find(|(known, _)| known == name) {
                    Some((_, choices)) if !inner.is_object() && !inner.is_array() => choices.resolve(inner),
                    _ => resolve_members(inner, table),
                }
            }
        }
        _ => {}
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
