//! Where on this machine a bot may read and write: the operator's folders, and nowhere else.

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

const WRITE_HELP: &str = "A flow writes below its own folder, or in the folders that `folders.write` of the operator's file names.";
const READ_HELP: &str =
    "A flow reads below its own folder, or in the folders that `folders.read` of the operator's file names.";
const RESERVED_HELP: &str =
    "A flow leaves the files of Git and of other version control systems alone: name another place.";

/// The folders that a bot may read and write in, opened once
///
/// A file is opened relative to one of them, each folder on the way by itself and none through a link, so that no
/// link that is put in its way leads out. Links that stand in a path are resolved before.
#[derive(Debug, Default)]
pub struct Folders {
    root: Option<PathBuf>,
    writable: Vec<Allowed>,
    readable: Vec<Allowed>,
    guarded: Arc<[Guarded]>,
}

/// An open folder and where it is, links resolved
#[derive(Debug)]
struct Allowed {
    path: PathBuf,
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
    /// The bot's own folder, below which paths are looked up, and those that may be written and read in: if none
    /// is named, its own
    ///
    /// Errors: a folder that is not there.
    pub fn open(root: Option<&Path>, writable: &[PathBuf], readable: &[PathBuf]) -> io::Result<Self> {
        let root = root.map(Path::canonicalize).transpose()?;
        let or_own = |named: &[PathBuf]| match named.is_empty() {
            true => root.iter().map(|own| Allowed::open(own)).collect::<io::Result<Vec<_>>>(),
            false => named.iter().map(|folder| Allowed::open(folder)).collect(),
        };
        Ok(Folders {
            writable: or_own(writable)?,
            readable: or_own(readable)?,
            root,
            guarded: Arc::default(),
        })
    }

    /// The same folders without these files
    #[must_use]
    pub fn guarding(mut self, files: impl IntoIterator<Item = Guarded>) -> Self {
        self.guarded = self.guarded.iter().cloned().chain(files).collect();
        self
    }

    /// The file that a flow wants to write: `file:///…`, an absolute path, or one below its own folder
    ///
    /// Nothing is written yet. Errors: `input.invalid` for a place outside the folders that may be written in, and for
    /// what a flow leaves alone: files of version control, bot files, and what the operator trusts; `file.failed`.
    pub fn writable(&self, path: &str) -> Result<WritableFile, Error> {
        let refused = |why: &str| refused(path, why).help(WRITE_HELP);
        let wanted = self.wanted(path).map_err(refused)?;
        not_reserved(path, &wanted)?;
        let (Some(parent), Some(name)) = (wanted.parent(), wanted.file_name()) else {
            return Err(refused("has no name"));
        };
        let parent = parent.canonicalize().map_err(|error| match is_not_there(&error) {
            true => refused("is in a folder that is not there"),
            false => failed(&cannot(path, "written"), error),
        })?;
        let place = self
            .place(&self.writable, path, &parent, name)?
            .ok_or_else(|| refused("is outside the folders that a flow may write in"))?;
        WritableFile::checked(place)
    }

    /// The file that a flow wants to read; named as one that it writes
    ///
    /// Errors: `input.invalid` for a file that is not there, lies outside the folders that may be read, or is one of
    /// version control or of credentials; `file.failed`.
    pub fn readable(&self, path: &str) -> Result<ReadableFile, Error> {
        let refused = |why: &str| refused(path, why).help(READ_HELP);
        let wanted = self.wanted(path).map_err(refused)?;
        not_reserved(path, &wanted)?;
        // What is outside is not told from what is not there: a flow shall not look around.
        let outside = "is not there, or is outside the folders that a flow may read";
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

    /// Whether [`Folders::readable`] may take a file, now or when it has come to be
    ///
    /// Errors: `input.invalid` for a place outside the folders that may be read, or in a folder that is not there.
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

    /// A path as messages show it: without control characters, never cut
    pub fn shown(path: &str) -> String {
        path_error::shown(path)
    }

    /// The path that a text names; the reason of a failure follows the text
    fn wanted(&self, path: &str) -> Result<PathBuf, &'static str> {
        let decoded = match path.strip_prefix("file://") {
            Some(encoded) => percent_decode_str(encoded).decode_utf8().map_err(|_| "is not UTF-8")?,
            None => path.into(),
        };
        if decoded.is_empty() || decoded.contains('\0') {
            return Err("has no name");
        }
        // `file:///C:/logs` has its drive behind the third slash.
        let drive = decoded.strip_prefix('/').filter(|path| path.as_bytes().get(1) == Some(&b':'));
        let wanted = Path::new(drive.unwrap_or(&decoded));
        match &self.root {
            Some(root) => Ok(root.join(wanted)),
            None if wanted.is_absolute() => Ok(wanted.to_owned()),
            None => Err("is not named by its whole path, and this bot has no folder of its own"),
        }
    }

    /// The place below one of these folders, with the folder it is in open; nothing if it is below none
    ///
    /// `parent` has no links any more. One that is put there meanwhile is not followed.
    fn place(
        &self,
        folders: &[Allowed],
        shown: &str,
        parent: &Path,
        name: &OsStr,
    ) -> Result<Option<Place>, Error> {
        let below = |folder: &Allowed| parent.strip_prefix(&folder.path).ok().map(Path::to_owned);
        let Some((folder, rest)) = folders.iter().find_map(|folder| Some((folder, below(folder)?))) else {
            return Ok(None);
        };
        let path = parent.join(name);
        not_reserved(shown, &path)?;
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
        if in_repository || version_control::is_repository(&dir, name.to_str()) {
            return Err(refused(shown, "is in a Git repository's own folder").help(RESERVED_HELP));
        }
        let shown = Folders::shown(shown);
        Ok(Some(Place { dir, name: name.to_owned(), path, shown, guarded: Arc::clone(&self.guarded) }))
    }
}

/// Refuses what a version control system keeps for itself
fn not_reserved(shown: &str, path: &Path) -> Result<(), Error> {
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

fn is_not_there(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) || is_loop(error)
}

#[cfg(all(test, unix))]
#[path = "folders_tests.rs"]
mod tests;
