//! A file in an open folder: its type is checked again after opening, and links are never followed.

use std::ffi::OsString;
use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::io::BufReader;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use cap_fs_ext::FollowSymlinks;
use cap_fs_ext::OpenOptionsFollowExt as _;
use cap_fs_ext::OpenOptionsSyncExt as _;
#[cfg(any(test, feature = "simulator"))]
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use cap_std::fs::OpenOptions;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::contract::Error;
use crate::files::creation::owner_only;
use crate::files::guarded::Guarded;
use crate::files::guarded::GuardedKind;
use crate::files::opening::require_file;
use crate::files::path_error::cannot;
use crate::files::path_error::refused;
use crate::files::reason::failed;
use crate::files::version_control::folded;

/// The extension of bot files
const BOT: &str = ".bot.json";

/// How many bytes of a file are read to recognize a bot file; larger bot files cannot run
const MOST_OF_A_BOT: u64 = 16 << 20;

const GUARDED_HELP: &str = "A flow cannot change bots or files that its operator trusts, and cannot read credentials: use another file.";

/// A name in an open folder
#[derive(Debug)]
pub(super) struct Place {
    pub(super) dir: Dir,
    pub(super) name: OsString,
    pub(super) path: PathBuf,
    /// As the flow named it, for messages
    pub(super) shown: String,
    pub(super) guarded: Arc<[Guarded]>,
}

impl Place {
    /// Opens the file itself, never the target of a link, without blocking
    fn open(&self, options: &mut OpenOptions) -> io::Result<(File, Metadata)> {
        let options = options.follow(FollowSymlinks::No).nonblock(true);
        let file = self.dir.open_with(&self.name, options)?.into_std();
        let metadata = file.metadata()?;
        require_file(&metadata)?;
        Ok((file, metadata))
    }

    /// Rejects guarded files
    pub(super) fn not_guarded(&self, metadata: Option<&Metadata>, reading: bool) -> Result<(), Error> {
        let guarded = self
            .guarded
            .iter()
            .find(|one| !(reading && one.kind().may_be_read()) && one.is(&self.path, metadata));
        match guarded {
            Some(guarded) => Err(self.refused(guarded.kind().words())),
            None => Ok(()),
        }
    }

    fn refused(&self, why: &str) -> Error {
        refused(&self.shown, why).help(GUARDED_HELP)
    }
}

/// A file that a flow may write
#[derive(Debug)]
pub struct WritableFile(Place);

impl WritableFile {
    /// Checks that the file may be written
    ///
    /// Errors: `input.invalid` if it is not a regular file, is a bot file or is guarded; `file.failed`.
    pub(super) fn checked(place: Place) -> Result<Self, Error> {
        let name = folded(&place.name.to_string_lossy());
        if name.ends_with(BOT) {
            return Err(place.refused(GuardedKind::Bot.words()));
        }
        let mut with_ending = place.name.clone();
        with_ending.push(BOT);
        if place.dir.symlink_metadata(&with_ending).is_ok() {
            return Err(place.refused(GuardedKind::ChildBotPlace.words()));
        }
        let found = match place.dir.symlink_metadata(&place.name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // A pipe or a device is not opened to find out its type.
            Ok(found) if !found.is_file() => {
                return Err(refused(&place.shown, "is a link, a folder or a device"));
            }
            found => Some(found.and_then(|_| place.open(OpenOptions::new().read(true)))),
        };
        let found = match found.transpose() {
            Ok(found) => found,
            // A file that cannot be read may still be writable; it is checked again then.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => None,
            Err(error) => return Err(failed(&cannot(&place.shown, "written"), error)),
        };
        place.not_guarded(found.as_ref().map(|(_, metadata)| metadata), false)?;
        if found.is_some_and(|(file, _)| is_bot(file)) {
            return Err(place.refused(GuardedKind::Bot.words()));
        }
        Ok(WritableFile(place))
    }

    /// Returns a file that the command line names, in an existing folder
    #[cfg(any(test, feature = "simulator"))]
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        // Resolve a link, so that it is not replaced with a file.
        let path = path.canonicalize().or_else(|_| std::path::absolute(path))?;
        if let Ok(found) = std::fs::metadata(&path) {
            require_file(&found)?;
        }
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        let dir = Dir::open_ambient_dir(parent, ambient_authority())?;
        let (name, shown) = (name.to_owned(), path.to_string_lossy().into_owned());
        Ok(WritableFile(Place { dir, name, path, shown, guarded: Arc::default() }))
    }

    /// Returns the absolute path, links resolved
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns its first bytes, four at most: none if it does not exist or cannot be read
    pub fn beginning(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Ok((file, _)) = self.0.open(OpenOptions::new().read(true)) {
            let _ = file.take(4).read_to_end(&mut bytes);
        }
        bytes
    }

    /// Opens it for appending, or with `anew` for overwriting
    ///
    /// Errors: `input.invalid` if it was replaced meanwhile, or has more than one name, since it then
    /// may be any file; `file.failed`, `file.no_space`.
    pub fn open(&self, anew: bool) -> Result<File, Error> {
        let mut options = OpenOptions::new();
        owner_only(options.write(true).create(true)).append(!anew);
        let (file, metadata) = self.0.open(&mut options).map_err(|error| self.failed(error))?;
        self.0.not_guarded(Some(&metadata), false)?;
        if names(&metadata) > 1 {
            let help = "A flow can write only a file without hard links: copy it, and remove this one.";
            return Err(refused(&self.0.shown, "has other names (hard links)").help(help));
        }
        if anew {
            // It may be truncated only after these checks.
            file.set_len(0).map_err(|error| self.failed(error))?;
        }
        Ok(file)
    }

    /// Returns whether the file exists
    pub fn exists(&self) -> bool {
        self.0.dir.symlink_metadata(&self.0.name).is_ok()
    }

    /// Removes the file
    ///
    /// Errors: `file.failed`, also if there is no such file.
    pub fn remove(&self) -> Result<(), Error> {
        let removed = self.0.dir.remove_file(&self.0.name);
        removed.map_err(|error| failed(&cannot(&self.0.shown, "deleted"), error))
    }

    /// Gives the file another name, which may be in another folder, and replaces a file of that name
    ///
    /// Errors: `file.failed`, also if there is no such file.
    pub fn rename(&self, to: &WritableFile) -> Result<(), Error> {
        let renamed = self.0.dir.rename(&self.0.name, &to.0.dir, &to.0.name);
        renamed.map_err(|error| failed(&cannot(&self.0.shown, "renamed"), error))
    }

    /// Returns the error for a failed write
    pub fn failed(&self, error: io::Error) -> Error {
        failed(&cannot(&self.0.shown, "written"), error)
    }

    pub(super) fn dir(&self) -> &Dir {
        &self.0.dir
    }

    pub(super) fn name(&self) -> &Path {
        Path::new(&self.0.name)
    }
}

/// An open file that a flow may read
#[derive(Debug)]
pub struct ReadableFile {
    place: Place,
    file: File,
}

impl ReadableFile {
    pub(super) fn checked(place: Place) -> Result<Self, Error> {
        let found = place.dir.symlink_metadata(&place.name);
        if found.is_ok_and(|found| !found.is_file()) {
            return Err(refused(&place.shown, "is a link, a folder or a device"));
        }
        let (file, metadata) = place
            .open(OpenOptions::new().read(true))
            .map_err(|error| failed(&cannot(&place.shown, "read"), error))?;
        place.not_guarded(Some(&metadata), true)?;
        Ok(ReadableFile { place, file })
    }

    /// Returns its name without its folder
    pub fn name(&self) -> String {
        self.place.name.to_string_lossy().into_owned()
    }

    /// Copies its content into a file, which is overwritten; may block
    ///
    /// Errors: those of [`WritableFile::open`]; `file.failed`, `file.no_space`.
    pub fn copy_to(mut self, target: &WritableFile) -> Result<(), Error> {
        let mut to = target.open(true)?;
        io::copy(&mut self.file, &mut to).map(drop).map_err(|error| target.failed(error))
    }

    /// Returns its content, or `None` if it has more than `most` bytes; may block
    ///
    /// Errors: `file.failed`.
    pub fn content(self, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut content = Vec::new();
        let read = self.file.take(most.saturating_add(1)).read_to_end(&mut content);
        read.map_err(|error| failed(&cannot(&self.place.shown, "read"), error))?;
        Ok(Some(content).filter(|content| content.len() as u64 <= most))
    }
}

/// Returns whether the content is a bot: an object with a list `nodes`
fn is_bot(file: File) -> bool {
    #[derive(Deserialize)]
    struct Bot {
        #[serde(rename = "nodes")]
        _nodes: Vec<IgnoredAny>,
    }
    let text = BufReader::new(file.take(MOST_OF_A_BOT));
    serde_json::Deserializer::from_reader(text).into_iter::<Bot>().next().is_some_and(|bot| bot.is_ok())
}

#[cfg(unix)]
fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn names(_metadata: &Metadata) -> u64 {
    1
}
