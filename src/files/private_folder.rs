//! A folder that only the user of this process can enter, and that one process at a time works in.

use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::path::PathBuf;

#[cfg(unix)]
use crate::contract::printable;
use crate::files::creation;
#[cfg(unix)]
use crate::files::reason::RefusedFile;
use crate::files::trust;

/// A folder that only the user of this process can enter
pub(crate) struct PrivateFolder(PathBuf);

impl PrivateFolder {
    /// Creates a folder, or checks one that exists
    ///
    /// Errors: it belongs to another user, others can enter it, or others can replace it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        creation::create_folder(&path)?;
        trust::folders(&path)?;
        check(&path)?;
        Ok(PrivateFolder(path))
    }

    /// The path of the folder
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Creates an empty file, if there is none of this name
    #[cfg(windows)]
    pub(crate) fn create(&self, name: &str) -> io::Result<()> {
        creation::open_or_create(&self.0.join(name)).map(drop)
    }

    /// Locks a file of the folder until the returned one is dropped; nothing if another process has locked it
    pub(crate) fn lock(&self, name: &str) -> io::Result<Option<File>> {
        let file = creation::open_or_create(&self.0.join(name))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(unix)]
fn check(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::symlink_metadata(path)?;
    let own = rustix::process::geteuid().as_raw();
    let shown = printable(&path.to_string_lossy(), 512);
    let (reason, help) = match () {
        () if !metadata.is_dir() => {
            (format!("{shown} is not a folder"), format!("Remove it, or use another folder: rm '{shown}'"))
        }
        () if metadata.uid() != own => (
            format!("{shown} belongs to the user {}, and not to the user of this process", metadata.uid()),
            format!("Use another folder, or give it to the user of this process: chown {own} '{shown}'"),
        ),
        () if metadata.mode() & 0o077 != 0 => (
            format!(
                "{shown} has the mode {:04o}: users other than its owner can use it",
                metadata.mode() & 0o7777
            ),
            format!("Allow only its owner to use it: chmod 700 '{shown}'"),
        ),
        () => return Ok(()),
    };
    Err(RefusedFile { reason, help }.into())
}

#[cfg(not(unix))]
fn check(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
    }

    #[test]
    fn a_folder_is_for_its_owner_only_and_one_that_is_not_is_refused() {
        let above = tempfile::tempdir().expect("a temporary folder");
        let path = above.path().join("broker");
        let folder = PrivateFolder::open(&path).expect("it can be created");
        assert_eq!((folder.path(), mode(&path)), (path.as_path(), 0o700));
        PrivateFolder::open(&path).expect("it exists");
        for refused in [0o750, 0o701, 0o722] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(refused)).expect("it is ours");
            let error = PrivateFolder::open(&path).err().expect("others can use it");
            assert!(crate::files::help(&error).contains("chmod"), "{error}");
        }
        let link = above.path().join("link");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
        std::os::unix::fs::symlink(&path, &link).expect("the folder can be written");
        assert!(PrivateFolder::open(&link).is_err(), "a link can lead elsewhere later");
    }

    #[test]
    fn one_process_at_a_time_has_the_lock() {
        let above = tempfile::tempdir().expect("a temporary folder");
        let folder = PrivateFolder::open(&above.path().join("broker")).expect("it can be created");
        let lock = folder.lock("lock").expect("it can be locked").expect("it is free");
        assert!(folder.lock("lock").expect("it can be opened").is_none(), "it is locked");
        assert_eq!(mode(&folder.path().join("lock")), 0o600);
        drop(lock);
        assert!(folder.lock("lock").expect("it can be locked").is_some(), "it is free again");
    }
}
