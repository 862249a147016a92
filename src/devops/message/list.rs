//! The object in which the service wraps a list.

use serde::Deserialize;
use serde::Deserializer;

/// `{"count": …, "value": […]}`; a `value` of null is an empty list, a missing one is an error
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct List<T> {
    /// The number of entries on this page, as the service states it; not relied upon
    #[serde(default)]
    pub count: Option<u64>,
    /// The entries
    #[serde(deserialize_with = "null_is_default", bound(deserialize = "T: Deserialize<'de>"))]
    pub value: Vec<T>,
}

/// Reads null as the default value: an empty list, false, 0
pub fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_every_shape_the_service_has_and_no_other() {
        let read = |text: &str| serde_json::from_str::<List<u8>>(text).map(|list| list.value).ok();
        assert_eq!(read(r#"{"value":[1,2],"count":2}"#), Some(vec![1, 2]));
        assert_eq!(read(r#"{"count":0,"value":null}"#), Some(vec![]));
        assert_eq!(read(r#"{"count":5,"value":[]}"#), Some(vec![]));
        assert_eq!(read(r#"{"value":[3],"new":true}"#), Some(vec![3]));
        // An error wrapped as a list, or any other object, is not an empty list.
        assert_eq!(read(r#"{"count":1,"value":{"Message":"x"}}"#), None);
        assert_eq!(read(r#"{"count":0}"#), None);
        assert_eq!(read("{}"), None);
    }
}
