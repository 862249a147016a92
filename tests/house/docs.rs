//! The paths that the documentation names exist.

use std::fs;
use std::path::Path;

/// Where the repository's own paths begin
const FOLDERS: &[&str] = &[
    "src/",
    "simulator/",
    "tests/",
    "docs/",
    "adapters/",
    "examples/",
    "scripts/",
    "packaging/",
    "benches/",
    "schemas/",
];

fn pages(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The paths in backquotes: `src/dispatch.rs`, but not a pattern such as `src/<room>/mod.rs`
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|quoted| {
        FOLDERS.iter().any(|folder| quoted.starts_with(folder))
            && !quoted.contains(|c: char| c.is_whitespace() || "<>*{}…:".contains(c))
    })
}

#[test]
fn every_path_in_the_documentation_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("README.md"), root.join("CONTRIBUTING.md"), root.join("SECURITY.md")];
    pages(&root.join("docs"), &mut found);
    let mut errors = Vec::new();
    for page in found {
        let text = fs::read_to_string(&page).expect("a page is text");
        for path in paths(&text).filter(|path| !root.join(path).exists()) {
            errors.push(format!("{}: {path} does not exist", page.display()));
        }
    }
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The tests in a table whose last column is a test: the promise, the file and the function
fn promises(page: &str) -> Vec<(&str, &str, &str)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix("` |"));
    rows.map(|row| {
        let (promise, test) = row.rsplit_once(" | `").unwrap_or((row, ""));
        let (file, function) = test.split_once("::").unwrap_or((test, ""));
        (promise, file, function)
    })
    .filter(|(_, file, _)| Path::new(file).extension().is_some_and(|extension| extension == "rs"))
    .collect()
}

/// Whether a source has a test of this name: the attribute is in the lines directly above the function
fn has_test(source: &str, function: &str) -> bool {
    let Some((before, _)) = source.split_once(&format!("fn {function}()")) else { return false };
    let item = before.rsplit("\n\n").next().unwrap_or_default();
    item.contains("#[test]") || item.contains("#[tokio::test")
}

#[test]
fn every_promise_names_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["docs/threat-model.md", "docs/reliability.md"] {
        let text = fs::read_to_string(root.join(page)).expect("the page is text");
        let table =
            text.split("## Promises").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
        let rows = table.lines().filter(|line| line.starts_with("| ")).count() - 1;
        let found = promises(table);
        assert_eq!(found.len(), rows, "{page}: a row has no test: {found:#?}");
        for (promise, file, function) in found {
            let source =
                fs::read_to_string(root.join(file)).unwrap_or_else(|_| panic!("{promise}: no {file}"));
            assert!(has_test(&source, function), "{promise}: {file} has no test {function}");
        }
    }
}

#[test]
fn a_function_that_is_no_test_is_not_found() {
    let source = "#[test]\nfn one() {}\n\nfn two() {}\n\n#[tokio::test]\nasync fn three() {}\n";
    let found = |name| has_test(source, name);
    assert!(found("one") && found("three") && !found("two") && !found("four"));
}

#[test]
fn a_path_is_found_in_backquotes() {
    let text = "See `src/a.rs`, `src/<room>/mod.rs` and `cargo test`; not src/b.rs, but `docs/c.md`.";
    assert_eq!(paths(text).collect::<Vec<_>>(), ["src/a.rs", "docs/c.md"]);
}
