//! What leaves for the host is masked text by text, so that a mask never falls on the protocol's own words.

use std::borrow::Cow;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::Success;
use crate::contract::Value;
use crate::contract::Warning;

pub(super) fn masked_text(masker: &Masker, text: String) -> String {
    match masker.mask(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    }
}

pub(super) fn masked_error(masker: &Masker, error: Error) -> Error {
    error.map_text(|text| masker.mask(text).into_owned())
}

/// The outputs' own names are the action's and stay; names inside of them may be anybody's
pub(super) fn masked_success(masker: &Masker, success: Success) -> Success {
    let Success { outputs, session, requests, warnings } = success;
    let outputs = outputs.into_iter().map(|(name, value)| (name, masked_value(masker, value))).collect();
    let masked = |Warning { code, message }| Warning { code, message: masked_text(masker, message) };
    let warnings = warnings.into_iter().map(masked).collect();
    Success { outputs, session, requests, warnings }
}

fn masked_value(masker: &Masker, value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(masked_text(masker, text)),
        Value::List(items) => Value::List(items.into_iter().map(|item| masked_value(masker, item)).collect()),
        Value::Dictionary(entries) => {
            let entry = |(name, value)| (masked_text(masker, name), masked_value(masker, value));
            Value::Dictionary(entries.into_iter().map(entry).collect::<Dictionary>())
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Secret;
    use crate::contract::WarningCode;

    // A token can be any text, the name of an output among them.
    #[test]
    fn every_text_is_masked_and_no_name_of_an_output() {
        let masker = Masker::default();
        masker.remember(&Secret::new("repositories".to_owned()));
        let inner = Dictionary::from_iter([("repositories".to_owned(), Value::from("its repositories"))]);
        let outputs = Dictionary::from_iter([(
            "repositories".to_owned(),
            Value::List(vec![Value::Dictionary(inner), Value::from(7), Value::from("repositories!")]),
        )]);
        let message = "about repositories".to_owned();
        let warnings = vec![Warning { code: WarningCode::InsecureString, message }];
        let success = masked_success(&masker, Success { outputs, warnings, ..Success::default() });
        assert_eq!(
            serde_json::to_string(&success).unwrap(),
            r#"{"outputs":{"repositories":[{"********":"its ********"},7,"********!"]},"requests":0,"warnings":[{"code":"credential.insecure_string","message":"about ********"}]}"#
        );
    }
}
