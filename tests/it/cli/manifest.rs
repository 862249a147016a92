//! `azdo-bot manifest --automation-360`: the folder that it writes.

use std::fs;
use std::path::Path;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::run;

/// Writes the package to a folder
fn write(folder: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["manifest", "--automation-360", folder.to_str().expect("a plain path")];
    arguments.extend(more);
    run(&arguments)
}

fn package(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("package.json")).expect("it was written");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn the_package_is_written_to_a_new_folder_and_replaces_an_earlier_one() {
    let keep = Folder::new();
    let folder = keep.path().join("new/package");
    let ran = write(&folder, &["--groups", "all", "--package-group", "com.contoso"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let class = folder.join("java/com/contoso/commands/CreateWorkItemCommand.java");
    let icon = folder.join("icons/work-items.svg");
    assert!(class.exists() && icon.exists());

    let ran = write(&folder, &["--groups", "repositories,pull requests"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!folder.join("java/com").exists() && !icon.exists(), "what the package no longer has is removed");
    assert!(folder.join("java/azdobot/commands/CreateRepositoryCommand.java").exists());
    assert_eq!(package(&folder)["group"], "azdobot");

    let ran = write(&folder, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let files = json["files"].as_array().expect("a list");
    assert!(files.contains(&"build.properties".into()) && files.contains(&"locales/en_US.json".into()));
    assert!(files.iter().all(|file| folder.join(file.as_str().expect("a path")).is_file()));
}

#[test]
fn names_and_label_come_from_the_command_line() {
    let keep = Folder::new();
    let folder = keep.path().join("package");
    let names = ["--package-name", "Contoso", "--package-label", "Azure DevOps of Contoso"];
    assert_eq!(write(&folder, &names).code, 0);
    assert_eq!(package(&folder)["name"], "Contoso");
    let properties = fs::read_to_string(folder.join("build.properties")).expect("it was written");
    assert!(properties.contains("\nlabel=Azure DevOps of Contoso\n"), "{properties}");
    let locale = fs::read_to_string(folder.join("locales/en_US.json")).expect("it was written");
    assert!(locale.contains("\"package.label\": \"Azure DevOps of Contoso\""));
}

#[test]
fn a_folder_with_other_files_is_refused_and_stays_as_it_is() {
    let folder = Folder::new();
    assert_eq!(write(folder.path(), &[]).code, 0);
    for (path, text) in [
        ("notes.txt", "mine"),
        ("java/azdobot/runtime/Action.java", "package azdobot.runtime;"),
        ("icons/own.svg", "<svg/>"),
    ] {
        let own = folder.path().join(path);
        fs::create_dir_all(own.parent().expect("it has a folder")).expect("it can be created");
        fs::write(&own, text).expect("it can be written");
        let ran = write(folder.path(), &["--groups", "session"]);
        assert_eq!(ran.code, 2, "{path}");
        let name = own.file_name().expect("it has a name").to_string_lossy();
        assert!(ran.stderr.contains(&*name) && ran.stderr.contains("new or empty"), "{}", ran.stderr);
        assert!(folder.path().join("icons/repositories.svg").exists(), "nothing is removed");
        fs::remove_file(own).expect("it can be removed");
    }
    assert_eq!(write(folder.path(), &["--groups", "session"]).code, 0);
    assert!(!folder.path().join("icons/repositories.svg").exists());
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_is_not_followed() {
    let (folder, other) = (Folder::new(), Folder::new());
    let target = other.file("package.json", "{}");
    std::os::unix::fs::symlink(&target, folder.path().join("package.json")).expect("a link");
    assert_eq!(write(folder.path(), &[]).code, 2);
    assert_eq!(fs::read_to_string(target).expect("it is there"), "{}");
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_written() {
    let keep = Folder::new();
    let folder = keep.path().join("package");
    let ran = write(&folder, &["--groups", "repositories,brances"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("\"brances\"; did you mean \"branches\"?"), "{}", ran.stderr);
    assert!(ran.stderr.contains("pipeline runs"), "{}", ran.stderr);
    let ran = write(&folder, &["--package-group", "com.class"]);
    assert!(ran.code == 2 && ran.stderr.contains("\"com.class\""), "{}", ran.stderr);
    assert!(!folder.exists());
    assert_eq!(run(&["manifest", "--groups", "all"]).code, 2);
    let file = keep.file("file", "");
    let ran = write(&file, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("file.failed"), "{}", ran.stderr);
}
