//! *Log to file*: which files it writes, and which are protected.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use azdo_bot::contract::ErrorCode;
use azdo_bot::hosts::bot::Fault;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::node;
use crate::bot::documents::run_task;
use crate::bot::documents::text;
use crate::bot::support::TestEnvironment;
use crate::bot::support::Watch;

/// A node that writes `x` to the file in the input `path`
fn log(option: &str) -> Json {
    let attributes = [
        ("filePath", computed("$path$")),
        ("logContent", text("x")),
        ("logOption", json!({ "type": "STRING", "string": option })),
    ];
    node("LogToFile", "logToFile", &attributes)
}

fn flow(nodes: Json) -> Folder {
    Folder::with(nodes, json!([declare("path", "STRING", json!({"input": true}))]))
}

/// Runs a flow with a path
async fn write(folder: &Folder, path: &str) -> Result<(), Fault> {
    let environment = TestEnvironment::new().await;
    let summary = environment.run(&folder.program(), &[("path", path)], &Watch::default()).await;
    summary.result.map(drop)
}

/// Returns all paths below a folder, with the content of the files
fn tree(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut ahead = vec![folder.to_owned()];
    while let Some(at) = ahead.pop() {
        for entry in fs::read_dir(&at).expect("it is a folder") {
            let entry = entry.expect("an entry");
            let kind = entry.file_type().expect("it has one");
            if kind.is_dir() {
                ahead.push(entry.path());
            }
            let content = if kind.is_file() {
                fs::read_to_string(entry.path()).expect("it is text")
            } else {
                String::new()
            };
            found.push((entry.path().to_string_lossy().into_owned(), content));
        }
    }
    found.sort();
    found
}

/// Asserts that a path is rejected with this message, for a constant path by the check, and that no file is changed
async fn assert_refused(folder: &Folder, path: &str, words: &str) {
    let before = tree(folder.0.path());
    let fault = write(folder, path).await.expect_err(path);
    assert_eq!(fault.error.code(), ErrorCode::InputInvalid, "{path}: {}", fault.error);
    assert!(fault.error.message().contains(words), "{path}: {}", fault.error);
    assert_eq!(tree(folder.0.path()), before, "{path}");
}

#[tokio::test]
async fn files_of_version_control_are_protected_in_every_spelling() {
    let folder = flow(json!([log("APPEND_FILE")]));
    for repository in [".git", "sub/.git", ".hg"] {
        fs::create_dir_all(folder.path(&format!("{repository}/hooks"))).expect("a folder");
        folder.write(&format!("{repository}/config"), "[core]\n");
    }
    for path in [
        ".git/config",
        ".git/hooks/post-commit",
        "sub/.git/config",
        "sub/../.git/config",
        ".git",
        ".GIT/config",
        ".git./config",
        ".git /config",
        "git~1/config",
        ".g\u{200c}it",
        ".git::$INDEX_ALLOCATION",
        ".git\\config",
        ".hg/hgrc",
        "sub/.Git",
    ] {
        assert_refused(&folder, path, "version control").await;
        let url = format!(
            "file://{}/{}",
            folder.0.path().display(),
            path.replace('\u{200c}', "%E2%80%8C").replace(' ', "%20")
        );
        assert_refused(&folder, &url, "version control").await;
    }
    // A bare repository, and the files that make a folder one
    fs::create_dir_all(folder.path("bare/objects")).expect("a folder");
    fs::create_dir_all(folder.path("bare/hooks")).expect("a folder");
    fs::create_dir(folder.path("bare/refs")).expect("a folder");
    assert_refused(&folder, "bare/HEAD", "Git repository").await;
    folder.write("bare/HEAD", "ref: refs/heads/main\n");
    for path in ["bare/config", "bare/hooks/post-commit", "bare/x.log", "commondir"] {
        assert_refused(&folder, path, "Git repository").await;
    }
    for path in [".gitignore", "sub/run.log"] {
        write(&folder, path).await.expect(path);
        assert_eq!(folder.read(path), "x\n");
    }
}

#[tokio::test]
async fn bot_files_and_their_replacements_are_protected() {
    for option in ["APPEND_FILE", "OVERWRITE_FILE"] {
        let call = |child: &str| run_task(&format!("repository:///Bots/Team/{child}"), json!({}), json!({}));
        let folder = flow(json!([log(option), call("child"), call("plain")]));
        fs::create_dir(folder.path("Team")).expect("a folder");
        folder.bot("child", json!([]), json!([]));
        folder.bot("other", json!([]), json!([]));
        folder.write("plain", r#"{"nodes":[],"variables":[]}"#);
        folder.write("unknown", " {\"variables\": [], \"nodes\": [{\"uid\": \"1\"}]}");
        for path in [
            "root.bot.json",
            "child.bot.json",
            "CHILD.BOT.JSON",
            "new.bot.json",
            "new.bot.json. ",
            "plain",
            "unknown",
            "other.bot.json:x",
        ] {
            assert_refused(&folder, path, "is a bot file").await;
        }
        for path in ["child", "other", "Team/child", "Team/plain"] {
            assert_refused(&folder, path, "instead of a child bot").await;
        }
        folder.write("lines.log", "{\"level\":\"info\"}\n{\"nodes\":[]}\n");
        write(&folder, "lines.log").await.expect("lines of JSON are no bot");
        write(&folder, "Team/run.log").await.expect("another name");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_out_of_the_folder_are_rejected() {
    use std::os::unix::fs::symlink;

    let outside = Folder::new();
    outside.write("secret", "secret");
    for option in ["APPEND_FILE", "OVERWRITE_FILE"] {
        let folder = flow(json!([log(option)]));
        fs::create_dir(folder.path(".git")).expect("a folder");
        folder.write(".git/config", "[core]\n");
        folder.write("own.log", "own\n");
        symlink(outside.path("secret"), folder.path("out.log")).expect("a link");
        symlink("own.log", folder.path("inside.log")).expect("a link");
        symlink(".git", folder.path("logs")).expect("a link");
        symlink(".git/config", folder.path("config.log")).expect("a link");
        fs::hard_link(outside.path("secret"), folder.path("hard.log")).expect("a hard link");
        fs::hard_link(folder.path(".git/config"), folder.path("git.log")).expect("a hard link");
        fs::hard_link(folder.path("root.bot.json"), folder.path("bot.log")).expect("a hard link");
        for (path, words) in [
            ("out.log", "is a link"),
            ("inside.log", "is a link"),
            ("config.log", "is a link"),
            ("logs/config", "version control"),
            ("hard.log", "hard links"),
            ("git.log", "hard links"),
            ("bot.log", "is a bot file"),
        ] {
            assert_refused(&folder, path, words).await;
        }
        assert_eq!(outside.read("secret"), "secret");
        fs::remove_file(folder.path("hard.log")).expect("it is there");
    }
}

/// Another process replaces the target of the path while the flow writes: the file outside is not changed
#[cfg(unix)]
#[tokio::test]
async fn a_link_created_during_a_write_is_not_followed() {
    use std::os::unix::fs::symlink;

    let outside = Folder::new();
    outside.write("x.log", "kept");
    let folder = flow(json!([log("OVERWRITE_FILE")]));
    let (real, link) = (folder.path("real"), folder.path("link"));
    fs::create_dir(&real).expect("a folder");
    fs::create_dir(folder.path("in")).expect("a folder");
    symlink(outside.0.path(), &link).expect("a link");
    let file_link = folder.path("file link");
    symlink(outside.path("x.log"), &file_link).expect("a link");
    let (names, aside, inner) = (folder.path("names"), folder.path("aside"), folder.path("in/x.log"));
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    // The folder in the path, and the file itself, alternate between the real one and a link.
    let swapping = std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            let _ = fs::rename(&real, &names).and_then(|()| fs::rename(&names, &real));
            let _ = fs::rename(&link, &names).and_then(|()| fs::rename(&names, &link));
            let _ = fs::rename(&inner, &aside);
            let _ = fs::rename(&file_link, &inner).and_then(|()| fs::rename(&inner, &file_link));
            let _ = fs::rename(&aside, &inner);
        }
    });
    let (environment, program) = (TestEnvironment::new().await, folder.program());
    let mut written = 0;
    for at in 0..2000 {
        let path = if at % 2 == 0 { "names/x.log" } else { "in/x.log" };
        match environment.run(&program, &[("path", path)], &Watch::default()).await.result {
            Ok(_) => written += 1,
            Err(fault) => assert_ne!(fault.error.code(), ErrorCode::Internal, "{}", fault.error),
        }
    }
    stop.store(true, Ordering::Relaxed);
    swapping.join().expect("it does not panic");
    assert!(written > 0, "some of them are written");
    assert_eq!(outside.read("x.log"), "kept");
}

#[cfg(unix)]
#[tokio::test]
async fn special_files_are_rejected_without_blocking() {
    let folder = flow(json!([log("APPEND_FILE")]));
    let pipe = folder.path("pipe.log");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("it is there").success());
    for path in ["pipe.log", "."] {
        let fault = write(&folder, path).await.expect_err(path);
        assert_eq!(fault.error.code(), ErrorCode::InputInvalid, "{path}: {}", fault.error);
    }
    let long = "x".repeat(300);
    let fault = write(&folder, &long).await.expect_err("no system takes such a name");
    assert_eq!(fault.error.code(), ErrorCode::FileFailed);
    assert!(
        fault.error.message().ends_with("a name in its path is too long or not allowed"),
        "{}",
        fault.error
    );
}
