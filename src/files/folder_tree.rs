//! Folders that a flow creates and deletes.

use std::io;
use std::path::Path;
use std::sync::Arc;

use cap_fs_ext::DirExt as _;
use cap_std::fs::Dir;

use crate::contract::Error;
use crate::files::Folders;
use crate::files::creation::create_folder_in;
use crate::files::folders::WRITE_HELP;
use crate::files::folders::not_in_repository;
use crate::files::folders::not_reserved;
use crate::files::folders::open_below;
use crate::files::path_error::cannot;
use crate::files::path_error::refused;
use crate::files::place::Place;
use crate::files::place::WritableFile;
use crate::files::reason::failed;
use crate::files::version_control;

/// How deep a folder that is deleted may be
const MAX_DEPTH: usize = 64;

impl Folders {
    /// Creates a folder, with the folders on its path; one that exists is left as it is
    ///
    /// Errors: `input.invalid` for a path outside the writable folders, for a file, and for a folder of a version control
    /// system; `file.failed`.
    pub fn create_folder(&self, path: &str) -> Result<(), Error> {
        let outside = || refused(path, "is outside the folders in which a flow may write").help(WRITE_HELP);
        let resolved = self.resolved(path)?;
        if std::fs::metadata(&resolved.existing).is_ok_and(|found| !found.is_dir()) {
            return Err(refused(path, "is a file, or below a file"));
        }
        let mut dir = open_below(&self.writable, path, &resolved.existing)?.ok_or_else(outside)?;
        let mut at = resolved.existing;
        for name in resolved.missing {
            at.push(&name);
            not_in_repository(path, &dir, &name)?;
            if let Some(guarded) = self.guarded.iter().find(|guarded| guarded.is(&at, None)) {
                return Err(refused(path, guarded.kind().words()));
            }
            let created = || {
                match create_folder_in(&dir, &name) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                    _ => {}
                }
                dir.open_dir_nofollow(&name)
            };
            dir = created().map_err(|error| failed(&cannot(path, "created"), error))?;
        }
        Ok(())
    }

    /// Deletes a folder with everything in it, unless it contains what a flow may not write
    ///
    /// Errors: `input.invalid` for a folder that does not exist, is not below a writable folder, or contains files of
    /// version control, bot files or files that the operator trusts; then nothing is deleted. `file.failed`.
    pub fn delete_folder(&self, path: &str) -> Result<(), Error> {
        let outside = || {
            refused(path, "does not exist, or is not below the folders in which a flow may write")
                .help(WRITE_HELP)
        };
        let resolved = self.resolved(path)?;
        let (Some(parent), Some(name), true) =
            (resolved.existing.parent(), resolved.existing.file_name(), resolved.missing.is_empty())
        else {
            return Err(outside());
        };
        // A folder that the operator names is not deleted, nor is one that contains it.
        let is_operators = |folder: &Path| folder.starts_with(&resolved.existing);
        if self.writable.iter().chain(&self.readable).any(|folder| is_operators(&folder.path)) {
            return Err(outside());
        }
        let place = self.place(&self.writable, path, parent, name)?.ok_or_else(outside)?;
        if !place.dir.symlink_metadata(name).is_ok_and(|found| found.is_dir()) {
            return Err(refused(path, "is not a folder"));
        }
        let opened = place.dir.open_dir_nofollow(name);
        let dir = opened.map_err(|error| failed(&cannot(path, "opened"), error))?;
        self.may_be_deleted(&dir, &resolved.existing, path, 0)?;
        drop(dir);
        place.dir.remove_dir_all(name).map_err(|error| failed(&cannot(path, "deleted"), error))
    }

    fn may_be_deleted(&self, dir: &Dir, at: &Path, shown: &str, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(refused(shown, "contains folders that are nested too deep"));
        }
        if version_control::is_repository(dir, None) {
            return Err(refused(shown, "contains a Git repository"));
        }
        let cannot_open = |error| failed(&cannot(shown, "opened"), error);
        for entry in dir.entries().map_err(cannot_open)? {
            let entry = entry.map_err(cannot_open)?;
            let (name, path) = (entry.file_name(), at.join(entry.file_name()));
            not_reserved(shown, Path::new(&name))?;
            let kind = entry.file_type().map_err(cannot_open)?;
            if kind.is_dir() {
                let inner = dir.open_dir_nofollow(&name).map_err(cannot_open)?;
                self.may_be_deleted(&inner, &path, shown, depth + 1)?;
            } else if !kind.is_symlink() {
                let shown = Folders::shown(&path.to_string_lossy());
                let dir = dir.try_clone().map_err(cannot_open)?;
                // Its checks are those of writing the file.
                WritableFile::checked(Place { dir, name, path, shown, guarded: Arc::clone(&self.guarded) })?;
            }
        }
        Ok(())
    }
}
