//! Who else may change a file: what widens trust must not be another user's to write.
//!
//! The owner of the file, of every folder above it and of every link on the way is the user of this process or root,
//! and no other user may write any of them. A folder with the sticky bit, as `/tmp`, may be open to all: what is in it
//! belongs to its owner all the same. Where files have no modes (Windows), access lists are the operator's own care.

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

/// Refuses a file that another user may change, or read where only its owner may
pub(crate) fn file(path: &Path, metadata: &Metadata, readers: Readers) -> io::Result<()> {
    system::file(path, metadata, readers)
}

/// Refuses a path on which another user may change a folder or a link; the file itself need not be there
pub(crate) fn folders(path: &Path) -> io::Result<()> {
    system::folders(&std::path::absolute(path)?)
}
