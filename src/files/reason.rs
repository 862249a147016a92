//! The reasons of file errors, and what a person can do.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::printable;

/// The longest path that is shown, in characters
const LONGEST_PATH: usize = 512;

/// A file that this package rejects, before the system reports an error
#[derive(Debug)]
pub(super) struct RefusedFile {
    /// The reason, which follows "the file cannot be read:"
    pub(super) reason: String,
    /// How to fix it, as a sentence
    pub(super) help: String,
}

impl fmt::Display for RefusedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for RefusedFile {}

impl RefusedFile {
    /// Returns the error for anything but a regular file
    pub(super) fn not_a_file(what: &str) -> io::Error {
        let help = "Name a regular file, not a folder, a pipe or a device.".to_owned();
        RefusedFile { reason: format!("it is {what}, not a file"), help }.into()
    }

    /// Returns the error for a new file in a folder that does not exist
    #[cfg(feature = "cli")]
    pub(super) fn without_folder() -> io::Error {
        let help = "Create the folder, or correct the path.".to_owned();
        RefusedFile { reason: "its folder does not exist".to_owned(), help }.into()
    }
}

impl From<RefusedFile> for io::Error {
    fn from(refused: RefusedFile) -> Self {
        io::Error::new(io::ErrorKind::PermissionDenied, refused)
    }
}

fn refused(error: &io::Error) -> Option<&RefusedFile> {
    error.get_ref()?.downcast_ref()
}

/// Returns whether this package rejected the file, and not the system
#[cfg(feature = "store-exec")]
pub(crate) fn is_refused(error: &io::Error) -> bool {
    refused(error).is_some()
}

/// Returns why a file cannot be read or written, as text after a colon
pub(crate) fn reason(error: &io::Error) -> Cow<'static, str> {
    if let Some(refused) = refused(error) {
        return refused.reason.clone().into();
    }
    if no_descriptors(error) {
        return "this process, or the system, has no file descriptors left".into();
    }
    if is_loop(error) {
        return "it is a link, or its links form a loop".into();
    }
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::QuotaExceeded => "the user's disk quota is used up".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        io::ErrorKind::InvalidFilename => "a name in its path is too long or not allowed".into(),
        io::ErrorKind::FileTooLarge => "the file would be larger than is allowed".into(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".into(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".into(),
        io::ErrorKind::NotFound => "it does not exist".into(),
        kind => kind.to_string().into(),
    }
}

/// Returns what a person can do
pub(crate) fn help(error: &io::Error) -> Cow<'static, str> {
    if let Some(refused) = refused(error) {
        return refused.help.clone().into();
    }
    if no_descriptors(error) {
        return "Run fewer processes at the same time, or raise the limit, which `ulimit -n` shows.".into();
    }
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free disk space, or use another path.".into()
        }
        io::ErrorKind::ReadOnlyFilesystem => "Use a path on a writable file system.".into(),
        io::ErrorKind::InvalidFilename => "Give the file a shorter name.".into(),
        io::ErrorKind::NotFound => "Create the file or its folder, or correct the path.".into(),
        io::ErrorKind::PermissionDenied => {
            "Give the user of this process access, or use another path.".into()
        }
        _ => "Check the file and its folder.".into(),
    }
}

/// Returns the error of an action or a command: `what` failed, such as `the file "x" cannot be written`, and why
pub(crate) fn failed(what: &str, error: io::Error) -> Error {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let (code, retry) = match full {
        true => (ErrorCode::FileNoSpace, Retry::Later),
        false if no_descriptors(&error) => (ErrorCode::FileFailed, Retry::Later),
        false => (ErrorCode::FileFailed, Retry::Never),
    };
    Error::new(code, format!("{what}: {}", reason(&error))).help(help(&error)).retry(retry).caused_by(error)
}

/// Returns the error of a folder that a setting or an argument names and that cannot be opened
pub(crate) fn folder_not_opened((path, error): (PathBuf, io::Error)) -> Error {
    let path = printable(&path.to_string_lossy(), LONGEST_PATH);
    let message = format!("the folder {path} cannot be opened: {}", reason(&error));
    Error::new(ErrorCode::InputInvalid, message).help(help(&error)).caused_by(error)
}

/// Returns whether the error is a link that is not followed, or too many links
#[cfg(unix)]
pub(super) fn is_loop(error: &io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
pub(super) fn is_loop(_error: &io::Error) -> bool {
    false
}

#[cfg(unix)]
fn no_descriptors(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

#[cfg(not(unix))]
fn no_descriptors(error: &io::Error) -> bool {
    // ERROR_TOO_MANY_OPEN_FILES
    error.raw_os_error() == Some(4)
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn every_error_has_its_own_message_and_is_no_internal_error() {
        let rows = [
            (Errno::NOSPC, ErrorCode::FileNoSpace, "the disk is full"),
            (Errno::DQUOT, ErrorCode::FileNoSpace, "the user's disk quota is used up"),
            (Errno::ROFS, ErrorCode::FileFailed, "the file system is read-only"),
            (
                Errno::MFILE,
                ErrorCode::FileFailed,
                "this process, or the system, has no file descriptors left",
            ),
            (
                Errno::NFILE,
                ErrorCode::FileFailed,
                "this process, or the system, has no file descriptors left",
            ),
            (Errno::NAMETOOLONG, ErrorCode::FileFailed, "a name in its path is too long or not allowed"),
            (Errno::ISDIR, ErrorCode::FileFailed, "it is a folder, not a file"),
            (Errno::LOOP, ErrorCode::FileFailed, "it is a link, or its links form a loop"),
            (Errno::FBIG, ErrorCode::FileFailed, "the file would be larger than is allowed"),
            (Errno::ACCESS, ErrorCode::FileFailed, "permission denied"),
        ];
        for (errno, code, words) in rows {
            let error = failed("the file \"x\" cannot be written", errno.into());
            assert_eq!(error.code(), code, "{errno:?}");
            assert_eq!(error.message(), format!("the file \"x\" cannot be written: {words}"));
            assert!(error.help_text().ends_with('.'), "{}", error.help_text());
        }
    }
}
