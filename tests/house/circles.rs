//! No circles: what stands side by side in a folder, a file or a whole folder, imports one way only.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::imports::Imports;
use crate::imports::ModulePath;

/// Circles that are left: the source, the folder, those that import one another, and why
const LEFT: &[(&str, &str, &[&str], &str)] = &[];

/// Which of a folder's files and folders imports which; the folder's own front file is empty
type Siblings = BTreeMap<String, BTreeSet<String>>;

/// The imports among what stands side by side, folder by folder
fn by_folder(imports: &Imports) -> BTreeMap<ModulePath, Siblings> {
    let mut folders: BTreeMap<ModulePath, Siblings> = BTreeMap::new();
    for (from, to) in imports.edges() {
        let common = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
        let name = |path: &ModulePath| path.get(common).cloned().unwrap_or_default();
        let siblings = folders.entry(from[..common].to_vec()).or_default();
        siblings.entry(name(from)).or_default().insert(name(&to));
    }
    folders
}

/// Everything that is reached from one of them
fn reached<'a>(from: &'a str, siblings: &'a Siblings) -> BTreeSet<&'a str> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(one) = waiting.pop() {
        for next in siblings.get(one).into_iter().flatten() {
            if reached.insert(next.as_str()) {
                waiting.push(next);
            }
        }
    }
    reached
}

/// Those that reach themselves again, each circle once
fn circles(siblings: &Siblings) -> BTreeSet<Vec<String>> {
    let all: BTreeMap<&str, BTreeSet<&str>> =
        siblings.keys().map(|one| (one.as_str(), reached(one, siblings))).collect();
    all.iter()
        .filter(|(one, reached)| reached.contains(*one))
        .map(|(one, reached)| {
            let back = |other: &&&str| all.get(**other).is_some_and(|reached| reached.contains(one));
            reached.iter().filter(back).map(|other| (*other).to_owned()).collect()
        })
        .collect()
}

#[test]
fn no_folder_has_a_circle_of_imports() {
    let mut faults = Vec::new();
    for source in ["src", "simulator/src"] {
        let imports = Imports::of(source);
        let mut left: BTreeSet<(String, Vec<String>)> = LEFT
            .iter()
            .filter(|(of, ..)| *of == source)
            .map(|(_, folder, files, _)| {
                ((*folder).to_owned(), files.iter().map(|&file| file.to_owned()).collect())
            })
            .collect();
        for (folder, siblings) in by_folder(&imports) {
            for circle in circles(&siblings) {
                if !left.remove(&(folder.join("/"), circle.clone())) {
                    let edges: Vec<String> = circle
                        .iter()
                        .map(|from| {
                            let to: Vec<&String> =
                                siblings[from].iter().filter(|to| circle.contains(to)).collect();
                            format!("{from:?} -> {to:?}")
                        })
                        .collect();
                    faults.push(format!("{source}/{}: {}", folder.join("/"), edges.join(", ")));
                }
            }
        }
        faults.extend(left.iter().map(|circle| format!("{source}: no circle any more: {circle:?}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_circle_is_found() {
    let siblings = |edges: &[(&str, &str)]| {
        let mut siblings = Siblings::new();
        for (from, to) in edges {
            siblings.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        siblings
    };
    assert!(circles(&siblings(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    let found = circles(&siblings(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [["a", "b", "c"]]);
}

#[test]
fn the_imports_of_the_sources_are_read() {
    let imports = Imports::of("src");
    let edges: BTreeSet<(String, String)> =
        imports.edges().map(|(from, to)| (from.join("/"), to.join("/"))).collect();
    let imported =
        |from: &str, room: &str| edges.iter().any(|(one, to)| one.starts_with(from) && to.starts_with(room));
    assert!(
        imports.modules().len() > 200 && edges.len() > 1000,
        "{} {}",
        imports.modules().len(),
        edges.len()
    );
    assert!(imported("dispatch", "actions/") && imported("actions/", "devops/"), "through the rooms' fronts");
    assert!(!edges.iter().any(|(_, to)| to == "devops"), "a front only exports");
}
