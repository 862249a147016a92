//! The files that the operator's file names: no flow may write them, or read those that hold a secret.
//!
//! They are found in the text of the file, by what a value looks like, so that a new setting needs no row here. A row is
//! for a setting whose file has a kind of its own.

use std::path::Path;

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::files::Guarded;
use crate::files::GuardedKind;

/// The settings whose files have a kind of their own; `*` is any part of a key
const KINDS: &[(&[&str], GuardedKind)] = &[
    (&["network", "certificate_authorities", "*"], GuardedKind::CertificateAuthority),
    (&["audit", "file"], GuardedKind::AuditFile),
    (&["stores", "exec", "*", "program"], GuardedKind::Helper),
    (&["stores", "file", "folders", "*"], GuardedKind::CredentialFolder),
];

/// The table whose folders flows use
const FOR_FLOWS: &str = "folders";

/// Returns the files that the settings name
pub(super) fn named_files(settings: &Dictionary) -> Vec<Guarded> {
    let mut found = Vec::new();
    for (key, value) in settings.iter().filter(|(key, _)| *key != FOR_FLOWS) {
        add(&mut vec![key], value, &mut found);
    }
    found
}

fn add<'a>(key: &mut Vec<&'a str>, value: &'a Value, found: &mut Vec<Guarded>) {
    match value {
        Value::Text(text) => found.extend(named(key, text)),
        Value::List(items) => items.iter().for_each(|item| below(key, "*", item, found)),
        Value::Dictionary(table) => table.iter().for_each(|(name, value)| below(key, name, value, found)),
        Value::Null | Value::Boolean(_) | Value::Number(_) => {}
    }
}

fn below<'a>(key: &mut Vec<&'a str>, name: &'a str, value: &'a Value, found: &mut Vec<Guarded>) {
    key.push(name);
    add(key, value, found);
    key.pop();
}

/// Returns the file that a value names, if it is a reference to a file or an absolute path
fn named(key: &[&str], text: &str) -> Option<Guarded> {
    if let Some(path) = text.strip_prefix("file:") {
        return Some(Guarded::new(path, GuardedKind::Credential));
    }
    let is_it = |row: &&[&str]| {
        row.len() == key.len() && row.iter().zip(key).all(|(part, own)| *part == "*" || part == own)
    };
    let kind = KINDS.iter().find(|(row, _)| is_it(row)).map(|(_, kind)| *kind);
    Path::new(text).is_absolute().then(|| Guarded::new(text, kind.unwrap_or(GuardedKind::NamedByOperator)))
}
