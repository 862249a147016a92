//! Whose files are trusted, and on which paths.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

const ME: u32 = 1000;
const OTHER: u32 = 1001;
const UNKNOWN: u32 = 65534;

#[test]
fn owner_and_mode_decide_by_one_rule() {
    let owners = |unmapped| Owners { own: ME, unmapped };
    let file = Kind::File(Readers::Anyone);
    let token = Kind::File(Readers::Owner);
    let mounted = Kind::File(Readers::Platform);
    let rows = [
        (ME, 0o600, token, true),
        (0, 0o600, token, true),
        (OTHER, 0o600, token, false),
        (ME, 0o640, token, false),
        (OTHER, 0o444, mounted, true),
        (0, 0o464, mounted, false),
        (ME, 0o644, file, true),
        (0, 0o755, file, true),
        (ME, 0o664, file, false),
        (ME, 0o646, file, false),
        (OTHER, 0o444, file, false),
        // The sticky bit of a file says nothing.
        (ME, 0o1666, file, false),
        (0, 0o755, Kind::Folder, true),
        (0, 0o1777, Kind::Folder, true),
        (0, 0o3775, Kind::Folder, true),
        (0, 0o777, Kind::Folder, false),
        (ME, 0o775, Kind::Folder, false),
        (OTHER, 0o755, Kind::Folder, false),
        (OTHER, 0o1777, Kind::Folder, false),
        (ME, 0o777, Kind::Link, true),
        (OTHER, 0o777, Kind::Link, false),
        (UNKNOWN, 0o755, Kind::Folder, false),
    ];
    for (owner, mode, kind, fine) in rows {
        assert_eq!(owners(None).fault(owner, mode, kind).is_none(), fine, "{owner} {mode:04o}");
    }
    assert!(owners(Some(UNKNOWN)).fault(UNKNOWN, 0o755, Kind::Folder).is_none(), "in a user namespace");
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is the test's own");
}

/// A folder in a folder, both as they should be, and a file in it
fn nested() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let inner = keep.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    mode(&inner, 0o755);
    let file = inner.join("file");
    std::fs::write(&file, "x").expect("a file");
    mode(&file, 0o644);
    (keep, inner, file)
}

#[test]
fn every_folder_above_is_checked_and_the_message_has_the_command() {
    let (_keep, inner, path) = nested();
    folders(&path).expect("only its owner may write here");
    mode(&inner, 0o775);
    let error = folders(&path).expect_err("others may write in its folder");
    assert_eq!(
        error.to_string(),
        format!("{} has the mode 0775: users other than its owner can change it", inner.display())
    );
    assert!(crate::files::help(&error).ends_with(&format!("chmod go-w '{}'", inner.display())));
    mode(&inner, 0o1777);
    folders(&path).expect("the files of a sticky folder stay with their owners");
    let missing = inner.join("not yet");
    folders(&missing).expect("a file to be created need not exist");
}

#[test]
fn the_folders_that_links_lead_through_count_too() {
    let (keep, inner, path) = nested();
    // As Kubernetes mounts a secret: a link to a link into a folder of the day
    let mount = keep.path().join("mount");
    std::fs::create_dir(&mount).expect("a folder");
    mode(&mount, 0o1777);
    std::os::unix::fs::symlink(&inner, mount.join("..data")).expect("a link");
    std::os::unix::fs::symlink("..data/file", mount.join("file")).expect("a link");
    let link = mount.join("file");
    folders(&link).expect("only owners may write here");
    folders(&mount.join("../mount/./file")).expect("the same by another way");
    mode(&inner, 0o777);
    assert!(folders(&link).is_err() && folders(&path).is_err());
    mode(&inner, 0o755);
    mode(&mount, 0o777);
    assert!(folders(&link).is_err(), "the link itself can be changed");
    std::os::unix::fs::symlink("circle", inner.join("circle")).expect("a link");
    assert!(folders(&inner.join("circle")).is_err());
}
