//! The members that `--json=FIELDS` selects from a document.

use serde_json::Map;
use serde_json::Value;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;

/// The longest name of a member that is shown, in characters
const LONGEST: usize = 256;

/// The selected members; without any, the document is printed whole
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct JsonFields(Vec<String>);

impl JsonFields {
    /// Parses `name,webUrl`; an empty text selects everything
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(JsonFields::default());
        }
        let fields: Vec<String> = text.split(',').map(|field| field.trim().to_owned()).collect();
        match fields.iter().any(String::is_empty) {
            true => Err("write the members of the document with commas between them".to_owned()),
            false => Ok(JsonFields(fields)),
        }
    }

    /// Whether the document is printed whole
    pub(in crate::cli) fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks that the selected members are among the known ones, before a document exists
    ///
    /// Errors: `input.invalid`.
    pub(in crate::cli) fn check(&self, known: &[&str]) -> Result<(), Fail> {
        let first = |field: &String| field.split('.').next().unwrap_or_default().to_owned();
        match self.0.iter().map(first).find(|field| !known.iter().any(|name| same(name, field))) {
            Some(field) => Err(unknown(&field, known)),
            None => Ok(()),
        }
    }

    /// Returns the document with the selected members only; in a list, each entry with its selected members
    ///
    /// A member inside of another is `user.name`. Errors: `input.invalid` for a member that no entry has.
    pub(in crate::cli) fn select(&self, document: Value) -> Result<Value, Fail> {
        if self.is_all() {
            return Ok(document);
        }
        let entries = match &document {
            Value::Array(entries) => entries.as_slice(),
            one => std::slice::from_ref(one),
        };
        if let Some(missing) = self
            .0
            .iter()
            .find(|field| !entries.is_empty() && entries.iter().all(|entry| member(entry, field).is_none()))
        {
            let mut names: Vec<&str> = Vec::new();
            for name in entries.iter().filter_map(Value::as_object).flat_map(Map::keys) {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            return Err(unknown(missing, &names));
        }
        Ok(self.project(&document))
    }

    /// Returns the document with the selected members only; a member that an entry does not have is null
    pub(in crate::cli) fn project(&self, document: &Value) -> Value {
        let select = |entry: &Value| {
            let members = self.0.iter().map(|field| match member(entry, field) {
                Some((name, value)) => (name, value.clone()),
                None => (field.clone(), Value::Null),
            });
            Value::Object(members.collect::<Map<String, Value>>())
        };
        match document {
            Value::Array(entries) => entries.iter().map(select).collect(),
            one => select(one),
        }
    }
}

/// Returns a member with its name: `user.name`; the spelling of the command line is accepted too
fn member<'a>(entry: &'a Value, field: &str) -> Option<(String, &'a Value)> {
    let mut found: Option<(String, &Value)> = None;
    for part in field.split('.') {
        let (path, value) = found.take().unwrap_or((String::new(), entry));
        let (name, inner) = value.as_object()?.iter().find(|(name, _)| same(name, part))?;
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found = Some((path, inner));
    }
    found
}

/// Returns whether two spellings are one name: `webUrl`, `web-url`, `web_url`
pub(in crate::cli) fn same(name: &str, other: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    plain(name) == plain(other)
}

fn unknown(field: &str, names: &[&str]) -> Fail {
    let hint = did_you_mean(nearest(field, names.iter().copied()));
    let message = format!("the document has no member \"{}\"{hint}", printable(field, LONGEST));
    let help = format!("The members are: {}.", names.join(", "));
    Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn select(fields: &str, document: Value) -> Value {
        let fields = JsonFields::parse(fields).expect("the fields are valid");
        fields.select(document).unwrap_or_else(|_| json!("refused"))
    }

    #[test]
    fn members_are_selected_in_their_order_and_in_any_spelling() {
        let user = json!({ "name": "Ann", "webUrl": "x", "user": { "account": "a" } });
        assert_eq!(select("", user.clone()), user);
        assert_eq!(select("web-url,name", user.clone()), json!({ "webUrl": "x", "name": "Ann" }));
        assert_eq!(select("user.account", user.clone()), json!({ "user.account": "a" }));
        let list = json!([user, { "name": "Bob" }]);
        assert_eq!(
            select("name,webUrl", list),
            json!([{ "name": "Ann", "webUrl": "x" }, { "name": "Bob", "webUrl": null }])
        );
        assert_eq!(select("name", json!([])), json!([]));
    }

    #[test]
    fn an_unknown_member_is_refused() {
        for fields in ["nmae", "name.first", "user.nope"] {
            assert_eq!(select(fields, json!({ "name": "Ann", "user": {} })), json!("refused"), "{fields}");
        }
        assert!(JsonFields::parse("a,,b").is_err() && JsonFields::parse(",").is_err());
    }
}
