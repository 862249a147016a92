//! Writes a file completely or not at all: to a temporary file beside it, which is renamed when it is complete.

use std::io;

use cap_fs_ext::FollowSymlinks;
use cap_fs_ext::OpenOptionsFollowExt as _;
use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::fs::Dir;
use cap_std::fs::OpenOptions;
use std::fs::TryLockError;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::files::creation::owner_only;
use crate::files::place::WritableFile;

const BEFORE: &str = ".azdo-bot-";
const AFTER: &str = ".part";

/// How many names are tried, since another process may remove the file while it clears the folder
const TRIES: usize = 8;

/// A file that is being written; dropped before it is complete, it leaves no file
///
/// The file is locked while its process runs. A killed process leaves its file without a lock, and the
/// next file that is created in the folder removes it.
pub(crate) struct PartFile<'a> {
    target: &'a WritableFile,
    part: String,
    file: File,
    whole: bool,
}

impl<'a> PartFile<'a> {
    /// Creates the temporary file beside the target
    pub(crate) fn create(target: &'a WritableFile) -> io::Result<Self> {
        clear(target.dir());
        for _ in 0..TRIES {
            let part = format!("{BEFORE}{}{AFTER}", Uuid::new_v4().simple());
            let mut options = OpenOptions::new();
            let options = owner_only(options.write(true).create_new(true));
            let file = target.dir().open_with(&part, options)?.into_std();
            match file.try_lock() {
                // Another process may have removed it between its creation and its lock.
                Ok(()) if !is_at(target.dir(), &part, &file) => {}
                // On a file system without locks, no files are removed either.
                Ok(()) | Err(TryLockError::Error(_)) => {
                    return Ok(PartFile { target, part, file: File::from_std(file), whole: false });
                }
                Err(TryLockError::WouldBlock) => {}
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Appends bytes
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Renames it to the target and replaces an older file
    pub(crate) async fn finish(mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let dir = self.target.dir();
        dir.rename(&self.part, dir, self.target.name())?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for PartFile<'_> {
    fn drop(&mut self) {
        if !self.whole {
            // If it cannot be removed, the next file in the folder removes it.
            let _ = self.target.dir().remove_file(&self.part);
        }
    }
}

/// Removes the temporary files that killed processes have left in a folder
fn clear(dir: &Dir) {
    let Ok(entries) = dir.entries() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_part(name)) else { continue };
        let mut options = OpenOptions::new();
        // Some file systems lock only files that are open for writing.
        options.read(true).write(true).follow(FollowSymlinks::No).nonblock(true);
        let Ok(file) = dir.open_with(name, &options) else { continue };
        let file = file.into_std();
        if file.try_lock().is_ok() && is_at(dir, name, &file) {
            let _ = dir.remove_file(name);
        }
    }
}

fn is_part(name: &str) -> bool {
    let id = name.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(AFTER));
    id.is_some_and(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Returns whether the name still belongs to that regular file
#[cfg(unix)]
fn is_at(dir: &Dir, name: &str, file: &std::fs::File) -> bool {
    use cap_fs_ext::MetadataExt as _;
    let Ok((there, open)) = dir.symlink_metadata(name).and_then(|there| Ok((there, file.metadata()?))) else {
        return false;
    };
    open.is_file() && (there.dev(), there.ino()) == (open.dev(), open.ino())
}

#[cfg(not(unix))]
fn is_at(dir: &Dir, name: &str, _file: &std::fs::File) -> bool {
    dir.symlink_metadata(name).is_ok_and(|there| there.is_file())
}

#[cfg(test)]
#[path = "part_file_tests.rs"]
mod tests;
