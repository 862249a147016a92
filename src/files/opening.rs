//! Opens files that the operator or the command line names: only regular files, without blocking.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::io::Read as _;
use std::path::Path;

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::ambient_authority;
use cap_std::fs::OpenOptions;

use crate::files::creation::owner_only;
use crate::files::readers::Readers;
use crate::files::reason::RefusedFile;
use crate::files::trust;

/// Opens a regular file for reading
///
/// Opening a pipe would wait for its writer, and opening a device may have an effect, so the type is checked before,
/// and again after opening, since the file may have been replaced in between.
fn open(path: &Path) -> io::Result<File> {
    require_file(&std::fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true).nonblock(true);
    let file = cap_std::fs::File::open_ambient_with(path, &options, ambient_authority())?.into_std();
    require_file(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file for reading that no other user can write
pub(crate) fn open_trusted(path: &Path, readers: Readers) -> io::Result<File> {
    let file = open(path)?;
    trust::folders(path)?;
    trust::file(path, &file.metadata()?, readers)?;
    Ok(file)
}

/// Opens a file for reading and appending, or creates one that other users cannot read
///
/// Where appending would exclude every other change, as on Windows, a writer has to seek to the end.
///
/// Errors: another user can write the file or a folder of its path, and others.
pub(crate) fn append_trusted(path: &Path) -> io::Result<File> {
    match std::fs::metadata(path) {
        Ok(found) => require_file(&found)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    trust::folders(path)?;
    let mut options = OpenOptions::new();
    owner_only(options.read(true).create(true)).nonblock(true);
    #[cfg(unix)]
    options.append(true);
    #[cfg(not(unix))]
    options.write(true);
    let file = cap_std::fs::File::open_ambient_with(path, &options, ambient_authority())?.into_std();
    let metadata = file.metadata()?;
    require_file(&metadata)?;
    trust::file(path, &metadata, Readers::Anyone)?;
    Ok(file)
}

/// Returns the content of a file of at most `most` bytes, or `None` if it is larger
pub(crate) fn read(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    read_all(open(path)?, most)
}

/// Returns the content of a file that no other user can write
pub(crate) fn read_trusted(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    read_all(open_trusted(path, Readers::Anyone)?, most)
}

/// Returns the content of a file that only its owner can read or write
#[cfg(all(feature = "cli", feature = "mcp"))]
pub(crate) fn read_secret(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    read_all(open_trusted(path, Readers::Owner)?, most)
}

fn read_all(file: File, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut content)?;
    Ok(Some(content).filter(|content| content.len() <= most))
}

/// Rejects a program that does not exist, or that another user can write
#[cfg(feature = "store-exec")]
pub(crate) fn trusted_program(path: &Path) -> io::Result<()> {
    let metadata = std::fs::metadata(path)?;
    require_file(&metadata)?;
    trust::folders(path)?;
    trust::file(path, &metadata, Readers::Anyone)
}

/// Rejects anything but a regular file
pub(super) fn require_file(metadata: &Metadata) -> io::Result<()> {
    match kind(&metadata.file_type()) {
        None => Ok(()),
        Some(kind) => Err(RefusedFile::not_a_file(kind)),
    }
}

/// Returns the type of anything but a regular file
fn kind(kind: &std::fs::FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Some("a pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    match () {
        () if kind.is_file() => None,
        () if kind.is_dir() => Some("a folder"),
        () if kind.is_symlink() => Some("a link"),
        () => Some("a device"),
    }
}
