//! One name, one meaning: a type that is visible beyond its file shares its name with no other type of its package.

use std::collections::BTreeMap;

use crate::architecture::all;

/// Names that several types of a package have, and why
const SHARED: &[(&str, &str, &str)] = &[
    ("src", "Input", "every action's file declares its own"),
    ("src", "Output", "every action's file declares its own"),
    ("src", "Arguments", "every command's file declares its own"),
    ("src", "Stdout", "one for each kind of system; a build has one of them"),
    ("src", "Polled", "one for each kind of system; a build has one of them"),
    ("simulator/src", "Organization", "the description in a world, and the state made of it"),
    ("simulator/src", "User", "the description in a world, and the state made of it"),
    ("simulator/src", "Project", "the description in a world, and the state made of it"),
    ("simulator/src", "Repository", "the description in a world, and the state made of it"),
    ("simulator/src", "Policy", "the description in a world, and the state made of it"),
    ("simulator/src", "Pipeline", "the description in a world, and the state made of it"),
    ("simulator/src", "Stage", "the description in a world, and the state made of it"),
    ("simulator/src", "ReleasePipeline", "the description in a world, and the state made of it"),
    ("simulator/src", "ReleaseStage", "the description in a world, and the state made of it"),
    ("simulator/src", "Resource", "the description in a world, and the state made of it"),
];

/// The name of the type that a line declares for other files
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start().strip_prefix("pub")?;
    let line = match line.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?.1,
        None => line,
    };
    let line = line.strip_prefix(' ')?;
    let name =
        ["struct ", "enum ", "trait ", "type ", "union "].iter().find_map(|kind| line.strip_prefix(kind))?;
    name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

fn homonyms(package: &str) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in all(&[package]) {
        for name in text.lines().filter_map(declared).filter(|name| !name.is_empty()) {
            files.entry(name.to_owned()).or_default().push(path.clone());
        }
    }
    files.retain(|_, files| files.len() > 1);
    files
}

#[test]
fn a_type_shares_its_name_with_no_other_type_of_its_package() {
    for package in ["src", "simulator/src"] {
        let mut found = homonyms(package);
        let shared = SHARED.iter().filter(|(of, ..)| *of == package);
        for (_, name, reason) in shared {
            assert!(
                found.remove(*name).is_some(),
                "{package}: {name} is shared no more ({reason}); take it off the list"
            );
        }
        assert!(found.is_empty(), "{package}: {found:#?}");
    }
}

#[test]
fn a_declaration_is_read_whatever_its_visibility() {
    assert_eq!(declared("pub struct Session<C> {"), Some("Session"));
    assert_eq!(declared("    pub(super) enum Kind {"), Some("Kind"));
    assert_eq!(declared("pub(in crate::actions) type Ids = Vec<u64>;"), Some("Ids"));
    assert_eq!(declared("struct Private;"), None);
    assert_eq!(declared("pub fn struct_of() {"), None);
}
