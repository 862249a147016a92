//! The paths that the documentation names exist.

use std::fs;
use std::path::Path;

/// Where the repository's own paths begin
const FOLDERS: &[&str] =
    &["src/", "simulator/", "tests/", "docs/", "adapters/", "examples/", "scripts/", "benches/", "schemas/"];

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
    let mut found = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
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

#[test]
fn a_path_is_found_in_backquotes() {
    let text = "See `src/a.rs`, `src/<room>/mod.rs` and `cargo test`; not src/b.rs, but `docs/c.md`.";
    assert_eq!(paths(text).collect::<Vec<_>>(), ["src/a.rs", "docs/c.md"]);
}
