//! The audit file: writers that share it, lines that were cut off, and rotation.

use std::io::Cursor;
use std::path::Path;

use super::*;
use crate::audit::Verification;
use crate::audit::VerifyInput;
use crate::audit::verify;
use crate::contract::AUDIT_FORMAT;
use crate::contract::AuditHost;
use crate::contract::AuditPhase;

fn record(number: usize) -> AuditRecord {
    AuditRecord {
        version: AUDIT_FORMAT,
        time: format!("2026-11-29T12:00:{number:02}Z"),
        phase: AuditPhase::Finished,
        call: number.to_string(),
        host: AuditHost { name: "test".to_owned(), version: "1".to_owned() },
        package: "1".to_owned(),
        process: 1,
        machine: None,
        user: None,
        place: None,
        bot_run: "root".to_owned(),
        root: None,
        session: None,
        organization: None,
        project: None,
        identity: None,
        credential: None,
        action: "createRepository".to_owned(),
        object: None,
        what: None,
        outcome: None,
        error: None,
        activity_id: None,
        requests: 1,
    }
}

fn open(path: &Path) -> AuditFile {
    AuditFile::open(path, None, &[]).unwrap()
}

fn write(file: &AuditFile, number: usize) {
    file.write(&record(number)).unwrap();
}

/// Verifies all files of a folder, in the order of their names with the current one last
fn verified(folder: &Path, last: Option<&str>) -> Verification {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort_by_key(|path| (path.ends_with("audit.jsonl"), path.clone()));
    let input = |path: &std::path::PathBuf| VerifyInput {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        content: Cursor::new(std::fs::read(path).unwrap()),
    };
    verify(paths.iter().map(input), last, false).unwrap()
}

fn assert_whole(folder: &Path, lines: u64) -> Verification {
    let result = verified(folder, None);
    assert_eq!((&result.faults, &result.notes), (&Vec::new(), &Vec::new()));
    assert_eq!(result.lines, lines);
    result
}

#[test]
fn two_writers_continue_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let (one, other) = (open(&path), open(&path));
    for number in 0..10 {
        write(if number % 3 == 0 { &other } else { &one }, number);
    }
    assert_eq!(assert_whole(folder.path(), 10).chains, 1);
}

#[test]
fn a_line_that_was_cut_off_anywhere_is_removed_by_the_next_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let file = open(&path);
    write(&file, 0);
    write(&file, 1);
    let whole = std::fs::read(&path).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in (0..whole.len()).step_by(5).filter(|cut| *cut != first) {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let before = verified(folder.path(), None);
        assert!(before.faults.is_empty(), "{cut}: {:?}", before.faults);
        write(&open(&path), 2);
        assert_whole(folder.path(), if cut < first { 1 } else { 2 });
    }
}

#[test]
fn a_file_of_something_else_keeps_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    std::fs::write(&path, "notes without a line break").unwrap();
    write(&open(&path), 0);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("notes without a line break\n{"), "{text}");
    assert_eq!(
        verified(folder.path(), None).faults,
        ["audit.jsonl line 1: this is not a line of an audit trail"]
    );
}

#[test]
fn a_file_that_was_moved_away_is_continued_by_every_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let (one, other) = (open(&path), open(&path));
    write(&one, 0);
    write(&other, 1);
    std::fs::rename(&path, folder.path().join("audit.jsonl.1")).unwrap();
    // A new process has no memory of the file before; the others do.
    write(&open(&path), 2);
    write(&one, 3);
    other.reopen().unwrap();
    write(&other, 4);
    assert_eq!(assert_whole(folder.path(), 5).chains, 2);

    // The end of the older file cannot be removed.
    let old = folder.path().join("audit.jsonl.1");
    let text = std::fs::read_to_string(&old).unwrap();
    std::fs::write(&old, &text[..=text.find('\n').unwrap()]).unwrap();
    let result = verified(folder.path(), None);
    let words = "it continues a line that is in no file";
    assert!(result.faults.iter().any(|fault| fault.contains(words)), "{:?}", result.faults);
}

#[test]
fn the_file_before_is_found_when_the_clock_was_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let moved = |number: usize| {
        write(&open(&path), number);
        let moved = folder.path().join(format!("audit.jsonl.{number}"));
        std::fs::rename(&path, &moved).unwrap();
        moved
    };
    moved(1);
    let second = moved(2);
    let file = std::fs::File::options().append(true).open(&second).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    drop(file);
    write(&open(&path), 3);
    assert_whole(folder.path(), 3);
    std::fs::remove_file(&second).unwrap();
    let faults = verified(folder.path(), None).faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].starts_with("audit.jsonl line 1: it continues a line that is in no file"),
        "{faults:?}"
    );
}

#[test]
fn a_file_that_was_copied_and_emptied_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let file = open(&path);
    write(&file, 0);
    std::fs::copy(&path, folder.path().join("audit.jsonl-1")).unwrap();
    std::fs::write(&path, "").unwrap();
    write(&file, 1);
    assert_eq!(assert_whole(folder.path(), 2).chains, 2);
}

#[test]
fn a_file_is_rotated_at_its_size_and_its_lines_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let writers = [0, 1].map(|_| AuditFile::open(&path, Some(1000), &[]).unwrap());
    for number in 0..12 {
        write(&writers[number % 2], number);
    }
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(files > 3, "{files}");
    let result = assert_whole(folder.path(), 12);
    assert_eq!(result.chains, files);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        assert!(entry.unwrap().metadata().unwrap().len() <= 1000);
    }
}

#[test]
fn a_rotation_that_was_killed_is_finished_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let file = AuditFile::open(&path, Some(500), &[]).unwrap();
    write(&file, 0);
    // The old file has its second name and the next one is not complete.
    std::fs::hard_link(&path, folder.path().join("audit.jsonl.20261129T120000.000Z")).unwrap();
    std::fs::write(folder.path().join("audit.jsonl.next"), "{\"vers").unwrap();
    write(&file, 1);
    write(&file, 2);
    assert!(!folder.path().join("audit.jsonl.next").exists());
    assert_whole(folder.path(), 3);
}

#[test]
fn a_file_that_cannot_be_rotated_grows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let file = AuditFile::open(&path, Some(500), &[]).unwrap();
    std::fs::create_dir(folder.path().join("audit.jsonl.next")).unwrap();
    write(&file, 0);
    write(&file, 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
}
