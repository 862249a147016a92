//! One version for all packages: that of the workspace in `Cargo.toml`.

use std::fs;
use std::path::Path;

use serde_json::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).expect("the file is JSON")
}

fn toml(path: &str) -> toml::Table {
    read(path).parse().expect("the file is TOML")
}

#[test]
fn both_crates_take_their_version_from_the_workspace() {
    for path in ["Cargo.toml", "simulator/Cargo.toml"] {
        assert_eq!(toml(path)["package"]["version"]["workspace"].as_bool(), Some(true), "{path}");
    }
    let required = format!("={VERSION}");
    let simulator = &toml("Cargo.toml")["dependencies"]["azdo-simulator"];
    assert_eq!(simulator["version"].as_str(), Some(required.as_str()));
}

#[test]
fn the_packages_of_other_registries_have_the_version_of_the_crate() {
    assert_eq!(json("adapters/node-red/package.json")["version"], VERSION);
    let library = toml("adapters/robot-framework/pyproject.toml");
    assert!(!library["project"].as_table().expect("it is a table").contains_key("version"));
    assert_eq!(library["project"]["dynamic"].as_array().map(Vec::len), Some(1));
    assert_eq!(json("package-manifest.json")["packageVersion"], VERSION);
}

#[test]
fn the_changelog_has_the_version() {
    let heading = format!("\n## {VERSION} - ");
    assert!(read("CHANGELOG.md").contains(&heading), "CHANGELOG.md has no part for {VERSION}");
}
