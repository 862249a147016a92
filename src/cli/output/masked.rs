//! Masks the text and the documents that commands print themselves.

use std::io;
use std::io::Write;

use serde_json::Value;

use crate::contract::Masker;

/// Writes the text that `write` produces, masked
pub(in crate::cli) fn text<E: From<io::Error>>(
    out: &mut impl Write,
    masker: &Masker,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let mut text = Vec::new();
    write(&mut text)?;
    out.write_all(masker.mask(&String::from_utf8_lossy(&text)).as_bytes())?;
    Ok(())
}

/// Returns the document with its texts masked; member names are the command's own and stay
pub(in crate::cli) fn document(masker: &Masker, mut document: Value) -> Value {
    mask(masker, &mut document);
    document
}

fn mask(masker: &Masker, value: &mut Value) {
    match value {
        Value::String(text) => masker.mask_text(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(masker, item)),
        Value::Object(members) => members.values_mut().for_each(|item| mask(masker, item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Secret;

    #[test]
    fn texts_are_masked_and_member_names_are_not() {
        let masker = Masker::default();
        masker.remember(&Secret::new("project".to_owned()));
        let shown = document(&masker, serde_json::json!({ "project": ["a project", 7] }));
        assert_eq!(shown, serde_json::json!({ "project": ["a ********", 7] }));
    }
}
