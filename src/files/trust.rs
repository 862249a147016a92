//! Who else may change a file: what widens trust must not be another user's to write.
//!
//! The owner of the file, of every folder above it and of every link on the way is the user of this process or root,
//! and no other user may write any of them. A folder with the sticky bit, as `/tmp`, may be open to all: what is in it
//! belongs to its owner all the same. Where files have no modes (Windows), access lists are the operator's own care.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Who may read a file
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everyone: the file holds no secret
    Anyone,
    /// Its owner alone
    Owner,
    /// Everyone: a platform mounted it and chose owner and mode; the folder's reach is the container's
    Platform,
}

/// Refuses a file that another user may change, or read where only its owner may
pub(crate) fn file(path: &Path, metadata: &Metadata, readers: Readers) -> io::Result<()> {
    system::file(path, metadata, readers)
}

/// Refuses a path on which another user may change a folder or a link; the file itself need not be there
pub(crate) fn folders(path: &Path) -> io::Result<()> {
    system::folders(&std::path::absolute(path)?)
}

#[cfg(not(unix))]
mod system {
    //! Nothing is known to be wrong.

    use super::*;

    pub(super) fn file(_path: &Path, _metadata: &Metadata, _readers: Readers) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn folders(_path: &Path) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[path = "trust_unix.rs"]
mod system;
