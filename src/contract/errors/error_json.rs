//! The JSON form of an error.

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap as _;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;

impl Serialize for Error {
    /// `{"code","message","help","retry","operation"?,"context"}`; without the cause, which is for logs
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code().as_str())?;
        map.serialize_entry("message", self.message())?;
        map.serialize_entry("help", self.help_text())?;
        map.serialize_entry("retry", self.retry_advice().as_str())?;
        if let Some(operation) = self.operation_name() {
            map.serialize_entry("operation", operation)?;
        }
        let context: Dictionary = self
            .context()
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str())))
            .collect();
        map.serialize_entry("context", &context)?;
        map.end()
    }
}
