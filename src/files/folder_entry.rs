//! What a flow sees of its folders: whether a path is there, and what a folder contains.

use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::contract::Error;
use crate::files::Folders;
use crate::files::folders::Allowed;
use crate::files::folders::READ_HELP;
use crate::files::folders::is_not_there;
use crate::files::folders::not_reserved;
use crate::files::folders::open_below;
use crate::files::path_error::cannot;
use crate::files::path_error::refused;
use crate::files::reason::failed;
use crate::files::version_control;

/// What is at a path
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// A regular file
    File,
    /// A folder
    Folder,
}

/// A file or folder in a folder
#[derive(Debug, Clone)]
pub struct FolderEntry {
    /// Its name
    pub name: String,
    /// Its absolute path
    pub path: PathBuf,
    /// Its size in bytes
    pub size: u64,
    /// When it was changed, if the system knows it
    pub modified: Option<SystemTime>,
}

/// A path with its links resolved as far as it exists
pub(super) struct Resolved {
    /// The part that exists
    pub(super) existing: PathBuf,
    /// The names below it that do not exist
    pub(super) missing: Vec<std::ffi::OsString>,
}

impl Folders {
    /// Returns what is at a path in the folders that a flow may read or write; `None` if there is nothing
    ///
    /// Errors: `input.invalid` for a path outside these folders, and for files of version control and credentials;
    /// `file.failed`.
    pub fn kind_of(&self, path: &str) -> Result<Option<PathKind>, Error> {
        let resolved = self.resolved(path)?;
        let is_inside = |folder: &Allowed| resolved.existing.starts_with(&folder.path);
        if !self.readable.iter().chain(&self.writable).any(is_inside) {
            return Err(refused(path, "is outside the folders in which a flow may read").help(READ_HELP));
        }
        if !resolved.missing.is_empty() {
            return Ok(None);
        }
        let metadata = match std::fs::symlink_metadata(&resolved.existing) {
            Ok(metadata) => metadata,
            Err(error) if is_not_there(&error) => return Ok(None),
            Err(error) => return Err(failed(&cannot(path, "found"), error)),
        };
        let hidden = |guarded: &&crate::files::Guarded| {
            !guarded.kind().may_be_read() && guarded.is(&resolved.existing, Some(&metadata))
        };
        if let Some(guarded) = self.guarded.iter().find(hidden) {
            return Err(refused(path, guarded.kind().words()));
        }
        Ok(match metadata.file_type() {
            kind if kind.is_file() => Some(PathKind::File),
            kind if kind.is_dir() => Some(PathKind::Folder),
            _ => None,
        })
    }

    /// Returns whether a path is in a folder that does not exist, and that a flow may create
    pub fn may_be_created(&self, path: &str) -> bool {
        self.resolved(path).is_ok_and(|resolved| {
            resolved.missing.len() > 1
                && self.writable.iter().any(|folder| resolved.existing.starts_with(&folder.path))
        })
    }

    /// Returns the files or the folders in a folder that a flow may read, by name
    ///
    /// Links, and files that a flow may not read, are left out. Errors: `input.invalid` for a folder that does not exist
    /// or is outside the readable folders; `file.failed`.
    pub fn entries(&self, path: &str, kind: PathKind) -> Result<Vec<FolderEntry>, Error> {
        let outside = || {
            refused(path, "does not exist, or is outside the folders in which a flow may read")
                .help(READ_HELP)
        };
        let resolved = self.resolved(path)?;
        if !resolved.missing.is_empty() {
            return Err(outside());
        }
        if std::fs::metadata(&resolved.existing).is_ok_and(|found| !found.is_dir()) {
            return Err(refused(path, "is not a folder"));
        }
        let dir = open_below(&self.readable, path, &resolved.existing)?.ok_or_else(outside)?;
        let listed = || {
            let mut found = Vec::new();
            for entry in dir.entries()? {
                let entry = entry?;
                let file_type = entry.file_type()?;
                let fits = match kind {
                    PathKind::File => file_type.is_file(),
                    PathKind::Folder => file_type.is_dir(),
                };
                // A name that is not Unicode cannot be a text of a flow.
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
                let path = resolved.existing.join(&name);
                if !fits || version_control::reserved(Path::new(&name)).is_some() || self.is_hidden(&path) {
                    continue;
                }
                let metadata = entry.metadata()?;
                let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
                found.push(FolderEntry { name, path, size: metadata.len(), modified });
            }
            std::io::Result::Ok(found)
        };
        let mut found = listed().map_err(|error| failed(&cannot(path, "listed"), error))?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    fn is_hidden(&self, path: &Path) -> bool {
        let metadata = std::fs::symlink_metadata(path).ok();
        self.guarded.iter().any(|one| !one.kind().may_be_read() && one.is(path, metadata.as_ref()))
    }

    /// Resolves the links of a path as far as it exists
    ///
    /// Errors: `input.invalid` for a path of version control, and for one that leaves a folder that does not exist;
    /// `file.failed`.
    pub(super) fn resolved(&self, path: &str) -> Result<Resolved, Error> {
        let wanted = self.wanted(path).map_err(|why| refused(path, why))?;
        not_reserved(path, &wanted)?;
        let mut at = wanted.as_path();
        let mut missing = Vec::new();
        loop {
            match at.canonicalize() {
                Ok(existing) => {
                    missing.reverse();
                    let whole = missing.iter().fold(existing.clone(), |path, name| path.join(name));
                    not_reserved(path, &whole)?;
                    return Ok(Resolved { existing, missing });
                }
                Err(error) if is_not_there(&error) => {}
                Err(error) => return Err(failed(&cannot(path, "found"), error)),
            }
            let (Some(parent), Some(name)) = (at.parent(), at.file_name()) else {
                return Err(refused(path, "is in a folder that does not exist"));
            };
            missing.push(name.to_owned());
            at = parent;
        }
    }
}
