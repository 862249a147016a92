//! Checks that no other user can change a file on which the security of this process depends.
//!
//! The owner of the file, of every folder above it and of every link in its path is the user of this process or root,
//! and no other user may write any of them. A folder with the sticky bit, such as `/tmp`, may be writable for all, since
//! its files stay with their owners. Where files have no modes (Windows), the operator has to check the access lists.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use crate::files::readers::Readers;

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

/// Rejects a file that another user can change, or can read although only its owner may
pub(crate) fn file(path: &Path, metadata: &Metadata, readers: Readers) -> io::Result<()> {
    system::file(path, metadata, readers)
}

/// Rejects a path of which another user can change a folder or a link; the file itself need not exist
pub(crate) fn folders(path: &Path) -> io::Result<()> {
    system::folders(&std::path::absolute(path)?)
}
