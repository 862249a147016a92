//! The texts of a manifest: as they are, or as keys of a locale file.

use indexmap::IndexMap;

/// The texts of a manifest
pub(in crate::package) enum Texts {
    /// The manifest has the texts themselves
    Literal,
    /// The manifest has keys, as `[[createRepository.label]]`; these are their texts
    Keyed(IndexMap<String, String>),
}

impl Texts {
    /// Returns what the manifest has for a text, and keeps the text if that is its key
    pub(in crate::package) fn put(&mut self, key: &str, text: &str) -> String {
        match self {
            Texts::Literal => text.to_owned(),
            Texts::Keyed(texts) => {
                texts.insert(key.to_owned(), text.to_owned());
                format!("[[{key}]]")
            }
        }
    }
}
