//! A file that is whole or not there, and what killed processes leave.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn target(folder: &Path) -> WritableFile {
    WritableFile::named(&folder.join("drop.zip")).expect("the folder is there")
}

#[tokio::test]
async fn a_file_is_there_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("drop.zip");
    std::fs::write(&path, "old").expect("a file");
    let target = target(folder.path());
    let mut broken = PartFile::create(&target).expect("it can be created");
    broken.write(b"half").await.expect("it can be written");
    drop(broken);
    assert_eq!(names(folder.path()), ["drop.zip"]);
    assert_eq!(std::fs::read(&path).expect("it is there"), b"old");
    let mut whole = PartFile::create(&target).expect("it can be created");
    whole.write(b"ne").await.expect("it can be written");
    whole.write(b"w").await.expect("it can be written");
    whole.finish().await.expect("it can be renamed");
    assert_eq!(names(folder.path()), ["drop.zip"]);
    assert_eq!(std::fs::read(&path).expect("it is there"), b"new");
}

#[tokio::test]
async fn a_name_as_long_as_a_system_takes_can_be_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = WritableFile::named(&folder.path().join("x".repeat(255))).expect("the folder is there");
    PartFile::create(&target).expect("it can be created").finish().await.expect("it can be renamed");
    assert_eq!(names(folder.path()), ["x".repeat(255)]);
}

/// The process that is killed: it holds half a file in the folder it runs in until its input ends
#[tokio::test]
#[ignore = "a process of the next tests"]
async fn half_a_file() {
    // Run by hand it does nothing.
    if !Path::new("drop.zip").exists() {
        return;
    }
    let target = WritableFile::named(Path::new("drop.zip")).expect("the folder is there");
    let mut part = PartFile::create(&target).expect("it can be created");
    part.write(b"half").await.expect("it can be written");
    part.file.flush().await.expect("it can be written");
    writeln!(std::io::stderr(), "half").expect("the test reads it");
    let _ = std::io::stdin().read(&mut [0]);
}

/// Another process that has written half of a file
fn another(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().expect("it runs"))
        .args(["--exact", "files::part_file::tests::half_a_file", "--ignored", "--nocapture"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    assert!(lines.any(|line| line.expect("it is text") == "half"), "it wrote half of a file");
    child
}

#[tokio::test]
async fn what_a_killed_process_left_is_cleared_away_and_nothing_of_a_living_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("drop.zip"), "old").expect("a file");
    let own = target(folder.path());
    let mut killed = another(folder.path());
    let mut living = another(folder.path());
    let here = PartFile::create(&own).expect("it can be created");
    assert_eq!(names(folder.path()).len(), 4, "all of them live");
    killed.kill().expect("it runs");
    killed.wait().expect("it ends");
    assert_eq!(names(folder.path()).len(), 4, "it left its half");
    PartFile::create(&own).expect("it can be created").finish().await.expect("it can be renamed");
    assert_eq!(names(folder.path()).len(), 3, "two halves of the living, and the file");
    drop(here);
    living.kill().expect("it runs");
    living.wait().expect("it ends");
    PartFile::create(&own).expect("it can be created").finish().await.expect("it can be renamed");
    assert_eq!(names(folder.path()), ["drop.zip"]);
}

#[cfg(unix)]
#[tokio::test]
async fn what_only_looks_like_a_left_file_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kept = folder.path().join("kept");
    std::fs::write(&kept, "kept").expect("a file");
    let id = "0".repeat(32);
    std::os::unix::fs::symlink(&kept, folder.path().join(format!("{BEFORE}{id}{AFTER}"))).expect("a link");
    for name in [".drop.zip.part", ".azdo-bot-1.part", "x.part"] {
        std::fs::write(folder.path().join(name), "").expect("a file");
    }
    let before = names(folder.path());
    drop(PartFile::create(&target(folder.path())).expect("it can be created"));
    assert_eq!(names(folder.path()), before);
}
