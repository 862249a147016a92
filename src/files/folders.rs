//! The folders in which a bot may read and write files.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use cap_fs_ext::DirExt as _;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use percent_encoding::percent_decode_str;

use crate::contract::Error;
use crate::files::guarded::Guarded;
use crate::files::path_error;
use crate::files::path_error::cannot;
use crate::files::path_error::refused;
use crate::files::place::Place;
use crate::files::place::ReadableFile;
use crate::files::place::WritableFile;
use crate::files::reason::failed;
use crate::files::reason::is_loop;
use crate::files::version_control;

pub(super) const WRITE_HELP: &str =
    "A flow can write in its own folder, or in the folders of `folders.write` in the operator's file.";
pub(super) const READ_HELP: &str =
    "A flow can read in its own folder, or in the folders of `folders.read` in the operator's file.";
const RESERVED_HELP: &str =
    "A flow cannot use the files of Git and of other version control systems: use another path.";

/// The folders in which a bot may read and write, opened once
///
/// A file is opened relative to one of them, folder by folder and never through a link, so that no
/// link that is added meanwhile leads out. The links of a path are resolved before.
#[derive(Debug, Default)]
pub struct Folders {
    root: Option<PathBuf>,
    pub(super) writable: Vec<Allowed>,
    pub(super) readable: Vec<Allowed>,
    pub(super) guarded: Arc<[Guarded]>,
}

/// An open folder and its path, links resolved
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) path: PathBuf,
    dir: Dir,
}

impl Allowed {
    fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let dir = Dir::open_ambient_dir(&path, ambient_authority())?;
        Ok(Allowed { path, dir })
    }
}

impl Folders {
    /// Opens the bot's own folder, to which paths are relative, and the folders that may be written and read: if none
    /// is named, the bot's own
    ///
    /// Errors: a folder that cannot be opened, such as one that does not exist, with its path.
    pub fn open(
        root: Option<&Path>,
        writable: &[PathBuf],
        readable: &[PathBuf],
    ) -> Result<Self, (PathBuf, io::Error)> {
        let root = root.map(|own| own.canonicalize().map_err(|error| (own.to_owned(), error))).transpose()?;
        let opened = |folder: &PathBuf| Allowed::open(folder).map_err(|error| (folder.clone(), error));
        let or_own = |named: &[PathBuf]| match named.is_empty() {
            true => root.iter().map(opened).collect::<Result<Vec<_>, _>>(),
            false => named.iter().map(opened).collect(),
        };
        Ok(Folders {
            writable: or_own(writable)?,
            readable: or_own(readable)?,
            root,
            guarded: Arc::default(),
        })
    }

    /// Excludes files from the folders
    #[must_use]
    pub fn guarding(mut self, files: impl IntoIterator<Item = Guarded>) -> Self {
        self.guarded = self.guarded.iter().cloned().chain(files).collect();
        self
    }

    /// Returns a file to write: `file:///…`, an absolute path, or a path relative to the bot's own folder
    ///
    /// This does not write anything. Errors: `input.invalid` for a path outside the writable folders, and for
    /// files of version control, bot files, and files that the operator trusts; `file.failed`.
    pub fn writable(&self, path: &str) -> Result<WritableFile, Error> {
        let refused = |why: &str| refused(path, why).help(WRITE_HELP);
        let wanted = self.wanted(path).map_err(refused)?;
        not_reserved(path, &wanted)?;
        let (Some(parent), Some(name)) = (wanted.parent(), wanted.file_name()) else {
            return Err(refused("has no file name"));
        };
        let parent = parent.canonicalize().map_err(|error| match is_not_there(&error) {
            true => refused("is in a folder that does not exist"),
            false => failed(&cannot(path, "written"), error),
        })?;
        let place = self
            .place(&self.writable, path, &parent, name)?
            .ok_or_else(|| refused("is outside the folders in which a flow may write"))?;
        WritableFile::checked(place)
    }

    /// Returns a file to read; `path` has the same forms as for [`Folders::writable`]
    ///
    /// Errors: `input.invalid` for a file that does not exist, is outside the readable folders, or is a file of
    /// version control or a credential; `file.failed`.
    pub fn readable(&self, path: &str) -> Result<ReadableFile, Error> {
        let refused = |why: &str| refused(path, why).help(READ_HELP);
        let wanted = self.wanted(path).map_err(refused)?;
        not_reserved(path, &wanted)?;
        // The same message for a file outside as for a missing one, so that a flow cannot explore the file system.
        let outside = "does not exist, or is outside the folders in which a flow may read";
        let file = wanted.canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidFilename => failed(&cannot(path, "read"), error),
            _ => refused(outside),
        })?;
        let (Some(parent), Some(name)) = (file.parent(), file.file_name()) else {
            return Err(refused("is a folder"));
        };
        if self.readable.iter().any(|folder| folder.path == file) {
            return Err(refused("is a folder"));
        }
        let place = self.place(&self.readable, path, parent, name)?.ok_or_else(|| refused(outside))?;
        ReadableFile::checked(place)
    }

    /// Checks that [`Folders::readable`] accepts a file, now or once it exists
    ///
    /// Errors: `input.invalid` for a path outside the readable folders, or in a folder that does not exist.
    pub fn may_become_readable(&self, path: &str) -> Result<(), Error> {
        let Err(error) = self.readable(path) else { return Ok(()) };
        let wanted = self.wanted(path).ok().filter(|wanted| wanted.symlink_metadata().is_err());
        let wanted = wanted.filter(|wanted| not_reserved(path, wanted).is_ok());
        let folder = wanted.and_then(|wanted| wanted.parent()?.canonicalize().ok());
        match folder {
            Some(folder) if self.readable.iter().any(|allowed| folder.starts_with(&allowed.path)) => Ok(()),
            _ => Err(error),
        }
    }

    /// Returns a path as messages show it: without control characters, never cut
    pub fn shown(path: &str) -> String {
        path_error::shown(path)
    }

    /// Returns the path of a text; the error completes a sentence that begins with the text
    ///
    /// A backslash separates folders on every system: flows write their paths on Windows.
    pub(super) fn wanted(&self, path: &str) -> Result<PathBuf, &'static str> {
        let decoded = match path.strip_prefix("file://") {
            Some(encoded) => percent_decode_str(encoded).decode_utf8().map_err(|_| "is not UTF-8")?,
            None => path.into(),
        };
        if decoded.is_empty() || decoded.contains('\0') {
            return Err("has no file name");
        }
        let decoded = match cfg!(windows) {
            true => decoded,
            false => decoded.replace('\\', "/").into(),
        };
        // `file:///C:/logs` has its drive after the third slash.
        let drive = decoded.strip_prefix('/').filter(|path| path.as_bytes().get(1) == Some(&b':'));
        let wanted = Path::new(drive.unwrap_or(&decoded));
        match &self.root {
            Some(root) => Ok(root.join(wanted)),
            None if wanted.is_absolute() => Ok(wanted.to_owned()),
            None => Err("is not an absolute path, and this bot has no folder of its own"),
        }
    }

    /// Returns the place in one of these folders, with its parent folder open, or `None` if it is in none of them
    ///
    /// `parent` has no links. One that is added meanwhile is not followed.
    pub(super) fn place(
        &self,
        folders: &[Allowed],
        shown: &str,
        parent: &Path,
        name: &OsStr,
    ) -> Result<Option<Place>, Error> {
        let path = parent.join(name);
        let Some(dir) = open_below(folders, shown, parent)? else { return Ok(None) };
        not_reserved(shown, &path)?;
        not_in_repository(shown, &dir, name)?;
        let shown = Folders::shown(shown);
        Ok(Some(Place { dir, name: name.to_owned(), path, shown, guarded: Arc::clone(&self.guarded) }))
    }
}

/// Opens a folder in one of these folders, or returns `None` if it is in none of them
///
/// `path` has no links. One that is added meanwhile is not followed.
pub(super) fn open_below(folders: &[Allowed], shown: &str, path: &Path) -> Result<Option<Dir>, Error> {
    let below = |folder: &Allowed| path.strip_prefix(&folder.path).ok().map(Path::to_owned);
    let Some((folder, rest)) = folders.iter().find_map(|folder| Some((folder, below(folder)?))) else {
        return Ok(None);
    };
    let open = || {
        let mut dir = folder.dir.try_clone()?;
        let mut in_repository = folder.path.ancestors().skip(1).any(is_repository);
        for part in rest.components() {
            in_repository |= version_control::is_repository(&dir, None);
            dir = dir.open_dir_nofollow(part)?;
        }
        io::Result::Ok((dir, in_repository))
    };
    let (dir, in_repository) = open().map_err(|error| match is_not_there(&error) {
        true => refused(shown, "is in a folder that was moved meanwhile"),
        false => failed(&cannot(shown, "opened"), error),
    })?;
    if in_repository { Err(of_repository(shown)) } else { Ok(Some(dir)) }
}

/// Rejects a name in the internal folder of a Git repository, and one that would make the folder such a folder
pub(super) fn not_in_repository(shown: &str, dir: &Dir, name: &OsStr) -> Result<(), Error> {
    match version_control::is_repository(dir, name.to_str()) {
        true => Err(of_repository(shown)),
        false => Ok(()),
    }
}

fn of_repository(shown: &str) -> Error {
    refused(shown, "is in a Git repository's own folder").help(RESERVED_HELP)
}

/// Rejects the files of a version control system
pub(super) fn not_reserved(shown: &str, path: &Path) -> Result<(), Error> {
    match version_control::reserved(path) {
        Some(name) => {
            let why = format!("belongs to a version control system (\"{name}\")");
            Err(refused(shown, &why).help(RESERVED_HELP))
        }
        None => Ok(()),
    }
}

fn is_repository(path: &Path) -> bool {
    Dir::open_ambient_dir(path, ambient_authority())
        .is_ok_and(|dir| version_control::is_repository(&dir, None))
}

pub(super) fn is_not_there(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) || is_loop(error)
}

#[cfg(all(test, unix))]
#[path = "folders_tests.rs"]
mod tests;
