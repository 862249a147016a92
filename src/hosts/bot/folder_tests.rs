//! What is found in the repository folder, and that nothing outside it is reached.

use std::fs;

use super::*;
use crate::contract::ErrorCode;

fn folder() -> (tempfile::TempDir, Folder) {
    let outer = tempfile::tempdir().expect("a temporary folder");
    let root = outer.path().join("repository");
    fs::create_dir_all(root.join("Bots/My Bots")).expect("folders");
    for file in ["child.bot.json", "plain", "Bots/child.bot.json", "Bots/My Bots/größe.bot.json", "../secret"]
    {
        fs::write(root.join(file), "{}").expect("a file");
    }
    let folder = Folder::open(&root, &[], &[]).expect("the folder is there");
    (outer, folder)
}

#[test]
fn child_bots_are_found_by_the_longest_tail_of_their_path() {
    let (_keep, folder) = folder();
    let rows = [
        ("repository:///child", "child.bot.json"),
        ("repository:///child.bot.json", "child.bot.json"),
        ("repository:///plain", "plain"),
        ("repository:///Bots/child", "Bots/child.bot.json"),
        ("repository:///Automation%20Anywhere/Bots/child", "Bots/child.bot.json"),
        ("repository:///Automation%20Anywhere/Bots/AzDO/child", "child.bot.json"),
        ("repository:///Automation%20Anywhere/Bots/My%20Bots/gr%C3%B6%C3%9Fe", "Bots/My Bots/größe.bot.json"),
        ("repository:///Automation Anywhere/Bots/My Bots/größe", "Bots/My Bots/größe.bot.json"),
    ];
    for (path, file) in rows {
        let found = folder.child(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(folder.display(&found), file, "{path}");
    }
    assert_eq!(bot_name(Path::new("/a/b/release-day.bot.json")), "release-day");
    assert_eq!(bot_name(Path::new("login")), "login");
}

#[test]
fn nothing_outside_the_folder_is_a_child_bot() {
    let (_keep, folder) = folder();
    for path in [
        "repository:///../secret",
        "repository:///Bots/../../secret",
        "repository:///%2e%2e/secret",
        "repository:///..%2Fsecret",
        "repository:///..%5Csecret",
        "repository:///Bots//child",
        "repository:///./child",
        "repository:///C:/child",
        "repository:///child%00",
        "repository:///%ff",
        "repository:///",
        "repository:///Bots",
        "repository:///missing",
        "file:///etc/hostname",
        "/etc/hostname",
        "",
    ] {
        assert!(folder.child(path).is_err(), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_rejected() {
    let (keep, folder) = folder();
    let root = keep.path().join("repository");
    std::os::unix::fs::symlink(keep.path().join("secret"), root.join("link")).expect("a link");
    std::os::unix::fs::symlink(keep.path(), root.join("out")).expect("a link");
    std::os::unix::fs::symlink(keep.path().join("new.log"), root.join("dangling.log")).expect("a link");
    assert!(folder.child("repository:///link").expect_err("a link out").contains("link that points outside"));
    assert!(folder.child("repository:///out/secret").is_err());
    for path in ["link", "out/x.log", "dangling.log"] {
        assert_eq!(folder.writable(path).expect_err(path).code(), ErrorCode::InputInvalid, "{path}");
    }
}

#[test]
fn a_flow_writes_only_in_writable_folders() {
    let (keep, folder) = folder();
    let root = keep.path().join("repository").canonicalize().expect("the folder is there");
    // The folders of Windows have a prefix that no URL has.
    let shown = root.display().to_string().replace(r"\\?\", "/").replace('\\', "/");
    let url = format!("file://{shown}/Bots/My%20Bots/a%20b.log");
    assert_eq!(folder.writable(&url).expect("inside").path(), root.join("Bots/My Bots/a b.log"));
    assert_eq!(folder.writable("run.log").expect("inside").path(), root.join("run.log"));
    assert_eq!(folder.writable("Bots/../run.log").expect("inside").path(), root.join("run.log"));
    for path in
        ["", "file://", "../x.log", "/etc/x.log", "file:///etc/x.log", "Bots", "no/such/x.log", "..", "a\0b"]
    {
        assert_eq!(folder.writable(path).expect_err(path).code(), ErrorCode::InputInvalid, "{path}");
    }
    let logs = keep.path().join("logs");
    fs::create_dir(&logs).expect("a folder");
    let folder = Folder::open(&root, std::slice::from_ref(&logs), &[]).expect("both are there");
    assert!(folder.writable(&format!("{}/x.log", logs.display())).is_ok());
    assert!(folder.writable("run.log").is_err(), "only what the operator allows");
}
