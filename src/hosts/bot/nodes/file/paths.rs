//! The files that a node works on: one, or those whose name fits a pattern with `*` and `?`.

use crate::contract::Error;
use crate::files::PathKind;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::run::Frame;

/// Reports the filters of a node that this host does not support: by size, and by date
pub(super) fn no_filters(checker: &mut Checker<'_>, raw: &RawNode) -> Option<()> {
    let is_set = |name: &str| raw.attribute(name).is_some_and(|found| found.value.boolean == "true");
    match is_set("isSize") || is_set("isDate") {
        true => checker.unsupported("this host does not choose files by their size or date"),
        false => Some(()),
    }
}

/// Returns the folder and the name of a path; the folder is empty if the path has none
pub(super) fn folder_and_name(path: &str) -> (&str, &str) {
    match path.rfind(['/', '\\']) {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => ("", path),
    }
}

/// Returns the paths of the files that a path names; a path without `*` and `?` names itself
///
/// Errors: those of listing the folder.
pub(super) fn named(path: &str, frame: &Frame<'_>) -> Result<Vec<String>, Error> {
    let (folder, name) = folder_and_name(path);
    if !name.contains(['*', '?']) {
        return Ok(vec![path.to_owned()]);
    }
    let listed = if folder.is_empty() { "." } else { folder };
    let entries = frame.folder().folders().entries(listed, PathKind::File)?;
    let fits = entries.into_iter().filter(|entry| is_like(&entry.name, name));
    Ok(fits.map(|entry| format!("{listed}/{}", entry.name)).collect())
}

/// Returns whether a name fits a pattern, ignoring case: `*` is any text, `?` any character
fn is_like(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) =
        (name.to_lowercase().chars().collect(), pattern.to_lowercase().chars().collect());
    let (mut at, mut in_pattern) = (0, 0);
    // Where the last `*` stands, and how much of the name it takes so far.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(c) if *c == '?' || *c == name[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, in_pattern) = (taken + 1, place + 1);
            }
        }
    }
    pattern[in_pattern..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns() {
        for (name, pattern, fits) in [
            ("run.log", "*.log", true),
            ("run.LOG", "*.log", true),
            ("run.log.1", "*.log", false),
            ("run1.log", "run?.log", true),
            ("run.log", "run?.log", false),
            ("aXbXc", "a*b*c", true),
            ("aXbX", "a*b*c", false),
            ("", "*", true),
            ("x", "**", true),
        ] {
            assert_eq!(is_like(name, pattern), fits, "{name} {pattern}");
        }
        assert_eq!(folder_and_name("a/b\\c.log"), ("a/b", "c.log"));
        assert_eq!(folder_and_name("c.log"), ("", "c.log"));
    }
}
