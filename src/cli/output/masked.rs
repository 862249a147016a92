//! What commands show beside the answers of actions: masked as a whole, before it is written.

use std::io;
use std::io::Write;

use serde_json::Value;

use crate::contract::Masker;

/// Writes what `write` puts together, without the secrets that the masker knows
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

/// A document of a command with its texts masked; its names are the command's own
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
    fn texts_are_masked_and_the_names_of_the_document_are_not() {
        let masker = Masker::default();
        masker.remember(&Secret::new("project".to_owned()));
        let shown = document(&masker, serde_json::json!({ "project": ["a project", 7] }));
        assert_eq!(shown, serde_json::json!({ "project": ["a ********", 7] }));
    }
}
