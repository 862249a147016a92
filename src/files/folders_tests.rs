//! What a flow may read, and that nothing else is read in its place.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc as Shared;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::*;
use crate::contract::ErrorCode;
use crate::files::GuardedKind;

/// The flow's own folder beside one that is not its
fn folder() -> (tempfile::TempDir, PathBuf, Folders) {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let own = keep.path().join("own");
    fs::create_dir_all(own.join(".git")).expect("folders");
    fs::create_dir(keep.path().join("other")).expect("a folder");
    for (path, content) in [("own/a.log", "mine"), ("own/.git/config", "secret"), ("other/a.log", "secret")] {
        fs::write(keep.path().join(path), content).expect("a file");
    }
    let folders = Folders::open(Some(&own), &[], &[]).expect("the folder is there");
    (keep, own, folders)
}

fn read(folders: &Folders, path: &str) -> Result<Vec<u8>, Error> {
    Ok(folders.readable(path)?.content(1 << 20)?.expect("it is small"))
}

#[test]
fn a_file_is_read_below_its_folder_and_a_link_may_lead_to_one() {
    let (keep, own, folders) = folder();
    symlink("a.log", own.join("latest.log")).expect("a link");
    symlink("../other/a.log", own.join("out.log")).expect("a link");
    symlink("../other", own.join("out")).expect("a link");
    symlink(".git/config", own.join("config")).expect("a link");
    fs::hard_link(keep.path().join("other/a.log"), own.join("token")).expect("a hard link");
    let folders = folders.guarding([Guarded::new(keep.path().join("other/a.log"), GuardedKind::Credential)]);
    for path in ["a.log", "latest.log"] {
        assert_eq!(read(&folders, path).expect(path), b"mine", "{path}");
    }
    for path in ["out.log", "out/a.log", ".git/config", "config", "token", ".", "nowhere"] {
        let error = read(&folders, path).expect_err(path);
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{path}: {error}");
    }
    assert!(folders.readable("a.log").expect("it is there").content(3).expect("it can be read").is_none());
}

#[test]
fn a_link_that_is_swapped_in_while_a_flow_reads_leads_nowhere() {
    let (keep, own, folders) = folder();
    let (link, aside, file) = (own.join("link"), own.join("aside"), own.join("a.log"));
    symlink(keep.path().join("other/a.log"), &link).expect("a link");
    let stop = Shared::new(AtomicBool::new(false));
    let stopped = Shared::clone(&stop);
    let swapping = std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            let _ = fs::rename(&file, &aside).and_then(|()| fs::rename(&link, &file));
            let _ = fs::rename(&file, &link).and_then(|()| fs::rename(&aside, &file));
        }
    });
    let mut times = 0;
    for _ in 0..20_000 {
        if let Ok(content) = read(&folders, "a.log") {
            assert_eq!(content, b"mine");
            times += 1;
        }
    }
    stop.store(true, Ordering::Relaxed);
    swapping.join().expect("it does not panic");
    assert!(times > 0, "some of them are read");
}
