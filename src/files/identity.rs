//! Which file an open file is, under whatever name.

use std::fs::File;
use std::io;
use std::io::ErrorKind;
use std::path::Path;

/// Returns whether a path names this open file, and not another one or none
pub(crate) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match system::of_path(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        named => Ok(named? == system::of_file(file)?),
    }
}

/// Returns what no other file of this machine has: the number of its device, and its own
#[cfg(feature = "cli")]
pub(crate) fn identity(file: &File) -> io::Result<(u64, u64)> {
    system::of_file(file)
}

/// Returns how many names an open file has
pub(crate) fn name_count(file: &File) -> io::Result<u64> {
    system::name_count(file)
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::fs::Metadata;
    use std::io;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    pub(super) fn of_path(path: &Path) -> io::Result<(u64, u64)> {
        std::fs::metadata(path).map(|found| ids(&found))
    }

    pub(super) fn of_file(file: &File) -> io::Result<(u64, u64)> {
        file.metadata().map(|found| ids(&found))
    }

    pub(super) fn name_count(file: &File) -> io::Result<u64> {
        file.metadata().map(|found| found.nlink())
    }

    fn ids(metadata: &Metadata) -> (u64, u64) {
        (metadata.dev(), metadata.ino())
    }
}

/// Only an open file has ids here
#[cfg(not(unix))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use cap_fs_ext::MetadataExt as _;
    use cap_std::fs::Metadata;

    pub(super) fn of_path(path: &Path) -> io::Result<(u64, u64)> {
        of_file(&File::open(path)?)
    }

    pub(super) fn of_file(file: &File) -> io::Result<(u64, u64)> {
        found(file).map(|found| (found.dev(), found.ino()))
    }

    pub(super) fn name_count(file: &File) -> io::Result<u64> {
        found(file).map(|found| found.nlink())
    }

    fn found(file: &File) -> io::Result<Metadata> {
        cap_std::fs::File::from_std(file.try_clone()?).metadata()
    }
}
