//! File contents in a saved world: text, or base64 if they are not text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Saved {
    Text(String),
    Base64(String),
}

pub(in crate::state) fn serialize<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let saved = match std::str::from_utf8(content) {
        Ok(text) => Saved::Text(text.to_owned()),
        Err(_) => Saved::Base64(STANDARD.encode(content)),
    };
    saved.serialize(serializer)
}

pub(in crate::state) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Saved::deserialize(deserializer)? {
        Saved::Text(text) => Ok(text.into_bytes()),
        Saved::Base64(text) => STANDARD.decode(text).map_err(|_| Error::custom("the content is no base64")),
    }
}
