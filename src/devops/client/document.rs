//! A record that is read, changed and written back: unknown fields are kept unchanged.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::value::to_raw_value;

use crate::contract::Error;
use crate::contract::ErrorCode;

/// An object of the service, field by field
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(IndexMap<String, Box<RawValue>>);

impl Document {
    /// Returns the value of a field, or nothing if it is missing, null, or of another type
    pub fn get<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        serde_json::from_str::<Option<T>>(self.0.get(field)?.get()).ok()?
    }

    /// Sets a field; an existing field keeps its position
    ///
    /// Errors: `internal` for a value without a JSON form.
    pub fn set(&mut self, field: &str, value: &impl Serialize) -> Result<(), Error> {
        let raw = to_raw_value(value).map_err(|_| {
            Error::new(ErrorCode::Internal, format!("the value of \"{field}\" cannot be written as JSON"))
        })?;
        self.0.insert(field.to_owned(), raw);
        Ok(())
    }

    /// Removes a field
    pub fn remove(&mut self, field: &str) {
        self.0.shift_remove(field);
    }

    /// Returns the fields, in the order of the service
    pub fn iter(&self) -> impl Iterator<Item = (&String, &RawValue)> {
        self.0.iter().map(|(name, value)| (name, value.as_ref()))
    }

    /// Reads the record as a type, or nothing if it does not match
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&serde_json::to_string(self).ok()?).ok()
    }

    /// Returns the revision of the record
    pub fn revision(&self) -> Option<u64> {
        self.get("revision").or_else(|| self.get("rev"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_changed_and_the_rest_is_kept_unchanged() {
        let text = r#"{"revision":3,"number":1.50,"new":{"z":1,"a":[null]},"name":"old","gone":1}"#;
        let mut document: Document = serde_json::from_str(text).expect("it is an object");
        assert_eq!(document.revision(), Some(3));
        assert_eq!(document.get::<String>("name").as_deref(), Some("old"));
        assert_eq!(document.get::<String>("number"), None, "another type");
        document.set("name", &"new").expect("it has a JSON form");
        document.remove("gone");
        assert_eq!(
            serde_json::to_string(&document).expect("it is JSON"),
            r#"{"revision":3,"number":1.50,"new":{"z":1,"a":[null]},"name":"new"}"#
        );
        let item: Document = serde_json::from_str(r#"{"rev":7}"#).expect("it is an object");
        assert_eq!(item.revision(), Some(7));
    }
}
