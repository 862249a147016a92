//! The rules of a work item type that a change breaks: the service names each field in the properties of the error.

use serde::Deserialize;

use crate::devops::message::service_error::without_mark;

/// A rule that a field breaks
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RuleError {
    /// The reference name of the field
    pub(crate) field: String,
    /// The message of the service
    pub(crate) message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    custom_properties: Option<Properties>,
}

/// The properties of an error, or one of its rule errors; the service writes their names with either letter case
#[derive(Deserialize)]
struct Properties {
    #[serde(
        default,
        alias = "fieldReferenceName",
        alias = "ReferenceName",
        alias = "FieldReferenceName",
        rename = "referenceName"
    )]
    field: Option<String>,
    #[serde(default, alias = "ErrorMessage", rename = "errorMessage")]
    message: Option<String>,
    #[serde(default, alias = "RuleValidationErrors", rename = "ruleValidationErrors")]
    errors: Option<Vec<Properties>>,
}

/// Returns the rules that a response names, each field once
pub(crate) fn read(body: &[u8]) -> Vec<RuleError> {
    let body: Option<Body> = serde_json::from_slice(without_mark(body)).ok();
    let mut found = Vec::new();
    if let Some(properties) = body.and_then(|body| body.custom_properties) {
        collect(properties, &mut found);
    }
    found
}

fn collect(properties: Properties, found: &mut Vec<RuleError>) {
    if let Some(field) = properties.field.filter(|field| !found.iter().any(|one| one.field == *field)) {
        found.push(RuleError { field, message: properties.message });
    }
    for error in properties.errors.into_iter().flatten() {
        collect(error, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Vec<(String, Option<String>)> {
        read(json.as_bytes()).into_iter().map(|one| (one.field, one.message)).collect()
    }

    #[test]
    fn all_rules_of_a_response_are_read() {
        let several = r#"{"customProperties":{"ReferenceName":null,"ErrorMessage":null,"RuleValidationErrors":[
            {"fieldReferenceName":"System.Title","fieldStatusFlags":"required","errorMessage":"a"},
            {"fieldReferenceName":"Custom.Team","errorMessage":null}]},"message":"m"}"#;
        let row = |field: &str, message: Option<&str>| (field.to_owned(), message.map(str::to_owned));
        assert_eq!(fields(several), [row("System.Title", Some("a")), row("Custom.Team", None)]);
        let one = r#"{"customProperties":{"ReferenceName":"System.State","ErrorMessage":"b","RuleValidationErrors":null}}"#;
        assert_eq!(fields(one), [row("System.State", Some("b"))]);
        for none in
            ["", "{}", "[]", r#"{"customProperties":null}"#, r#"{"customProperties":{"Descriptor":"x"}}"#]
        {
            assert_eq!(fields(none), [], "{none}");
        }
    }
}
