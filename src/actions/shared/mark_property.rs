//! A mark in the properties of a resource, which the service shows on no page.

use serde::Deserialize;
use serde::Serialize;

use crate::actions::runtime::Mark;
use crate::devops::Document;

/// The name of the property
pub(crate) const NAME: &str = "AzdoBot.Request";

/// The properties of a request with a mark
#[derive(Serialize)]
pub(crate) struct Marked<'a> {
    #[serde(rename = "AzdoBot.Request")]
    request: Typed<&'a str>,
}

/// A property in the service's format
#[derive(Serialize, Deserialize)]
struct Typed<T> {
    #[serde(rename = "$type", skip_deserializing)]
    kind: &'static str,
    #[serde(rename = "$value")]
    value: T,
}

impl<'a> Marked<'a> {
    /// Creates properties with this mark only
    pub(crate) fn with(mark: &'a Mark) -> Self {
        Marked { request: Typed { kind: "System.String", value: mark.as_str() } }
    }
}

/// Returns the mark in properties, with or without a type
pub(crate) fn mark(properties: Option<&Document>) -> Option<String> {
    let properties = properties?;
    properties.get::<Typed<String>>(NAME).map(|typed| typed.value).or_else(|| properties.get(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again_as_it_was_sent_and_as_a_plain_text() {
        let mark = Mark::new();
        let sent = serde_json::to_string(&Marked::with(&mark)).expect("it is JSON");
        let plain = format!("{{\"{NAME}\":\"{}\"}}", mark.as_str());
        for text in [sent, plain] {
            let shown: Document = serde_json::from_str(&text).expect("it is an object");
            assert_eq!(super::mark(Some(&shown)).as_deref(), Some(mark.as_str()), "{text}");
        }
        assert_eq!(super::mark(None), None);
    }
}
