//! A record that is read to be changed: what is not understood goes back as it came.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::value::to_raw_value;

use crate::contract::Error;
use crate::contract::ErrorCode;

/// An object as the service wrote it, field by field
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(IndexMap<String, Box<RawValue>>);

impl Document {
    /// A field's value; nothing when it is not there, null, or of another shape
    pub fn get<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        serde_json::from_str::<Option<T>>(self.0.get(field)?.get()).ok()?
    }

    /// Sets a field, in its place when it is there
    ///
    /// Errors: `internal` for a value without a JSON form.
    pub fn set(&mut self, field: &str, value: &impl Serialize) -> Result<(), Error> {
        let raw = to_raw_value(value).map_err(|_| {
            Error::new(ErrorCode::Internal, format!("the value of \"{field}\" cannot be written as JSON"))
        })?;
        self.0.insert(field.to_owned(), raw);
        Ok(())
    }

    /// Takes a field away
    pub fn remove(&mut self, field: &str) {
        self.0.shift_remove(field);
    }

    /// Its fields, in the service's order
    pub fn iter(&self) -> impl Iterator<Item = (&String, &RawValue)> {
        self.0.iter().map(|(name, value)| (name, value.as_ref()))
    }

    /// The record as a type of its own; nothing when it has another shape
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&serde_json::to_string(self).ok()?).ok()
    }

    /// How often the record was changed, as the service counts
    pub fn revision(&self) -> Option<u64> {
        self.get("revision").or_else(|| self.get("rev"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_changed_and_the_rest_stays_to_the_letter() {
        let text = r#"{"revision":3,"number":1.50,"new":{"z":1,"a":[null]},"name":"old","gone":1}"#;
        let mut document: Document = serde_json::from_str(text).expect("it is an object");
        assert_eq!(document.revision(), Some(3));
        assert_eq!(document.get::<String>("name").as_deref(), Some("old"));
        assert_eq!(document.get::<String>("number"), None, "another shape");
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
