//! Where on this machine a bot may read and write: the operator's folders, and nowhere else.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// What is shown of a path
///
/// No system has longer ones. Shorter they are not cut: a flow's path may hold a token, and half a
/// token is not masked any more.
const LONGEST_PATH: usize = 1 << 15;

/// The folders that a bot may read and write in, links resolved
#[derive(Debug, Default)]
pub struct Folders {
    root: Option<PathBuf>,
    writable: Vec<PathBuf>,
    readable: Vec<PathBuf>,
}

impl Folders {
    /// The bot's own folder, below which paths are looked up, and those that may be written and read in: if none
    /// is named, its own
    ///
    /// Errors: a folder that is not there.
    pub fn open(root: Option<&Path>, writable: &[PathBuf], readable: &[PathBuf]) -> io::Result<Self> {
        let root = root.map(Path::canonicalize).transpose()?;
        let or_own = |named: &[PathBuf]| {
            let named = named.iter().map(|folder| folder.canonicalize());
            let mut folders = named.collect::<io::Result<Vec<_>>>()?;
            if folders.is_empty() {
                folders.extend(root.clone());
            }
            io::Result::Ok(folders)
        };
        Ok(Folders { writable: or_own(writable)?, readable: or_own(readable)?, root })
    }

    /// The file that a flow wants to write: `file:///…`, an absolute path, or one below its own folder
    ///
    /// Errors: `input.invalid` for a place outside the folders that may be written in.
    pub fn writable(&self, path: &str) -> Result<PathBuf, Error> {
        let refused = |why: &str| {
            refused(path, why).help(
                "A flow writes below its own folder, or in the folders that `folders.write` of the operator's file names.",
            )
        };
        let wanted = self.wanted(path).map_err(refused)?;
        let (Some(parent), Some(name)) = (wanted.parent(), wanted.file_name()) else {
            return Err(refused("has no name"));
        };
        let parent = parent.canonicalize().map_err(|_| refused("is in a folder that is not there"))?;
        if !self.writable.iter().any(|folder| parent.starts_with(folder)) {
            return Err(refused("is outside the folders that a flow may write in"));
        }
        let file = parent.join(name);
        match fs::symlink_metadata(&file) {
            Ok(found) if !found.is_file() => Err(refused("is a link, a folder or a device")),
            _ => Ok(file),
        }
    }

    /// The file that a flow wants to read, links followed; named as one that it writes
    ///
    /// Errors: `input.invalid` for a file that is not there, or lies outside the folders that may be read.
    pub fn readable(&self, path: &str) -> Result<PathBuf, Error> {
        let refused = |why: &str| {
            refused(path, why).help(
                "A flow reads below its own folder, or in the folders that `folders.read` of the operator's file names.",
            )
        };
        let wanted = self.wanted(path).map_err(refused)?;
        // What is outside is not told from what is not there: a flow shall not look around.
        let outside = "is not there, or is outside the folders that a flow may read";
        let file = wanted.canonicalize().map_err(|_| refused(outside))?;
        if !self.readable.iter().any(|folder| file.starts_with(folder)) {
            return Err(refused(outside));
        }
        match fs::metadata(&file) {
            Ok(found) if found.is_file() => Ok(file),
            _ => Err(refused("is a folder or a device")),
        }
    }

    /// A path as messages show it: without control characters, never cut
    pub fn shown(path: &str) -> String {
        printable(path, LONGEST_PATH)
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
}

fn refused(path: &str, why: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("the file \"{}\" {why}", Folders::shown(path)))
}
