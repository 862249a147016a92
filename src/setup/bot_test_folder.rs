//! The folder of a test: a copy of the bots, so that tests that run side by side do not see each other's files.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use uuid::Uuid;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files;

/// The most that is copied for a test, in bytes
const MAX_BYTES: u64 = 64 << 20;

/// Folders that are never copied, beside those whose name begins with a dot
const LEFT_OUT: [&str; 2] = ["target", "node_modules"];

/// A copy of a folder, removed when it is dropped
#[derive(Debug)]
pub(crate) struct BotTestFolder(PathBuf);

impl BotTestFolder {
    /// Copies a folder into a new folder that only this user can read
    ///
    /// Links, and files and folders whose name begins with a dot, are left out. Errors: `input.invalid` for a folder that is
    /// too large; `file.failed`, `file.no_space`.
    pub(crate) fn copy_of(folder: &Path) -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("azdo-bot-test-{}", Uuid::new_v4().simple()));
        let failed = |error| files::failed("the folder of a test cannot be created", error);
        files::create_folder(&path).map_err(failed)?;
        let copy = BotTestFolder(path);
        let mut left = MAX_BYTES;
        match copy_all(folder, &copy.0, &mut left).map_err(failed)? {
            true => Ok(copy),
            false => {
                let most = MAX_BYTES >> 20;
                let message =
                    format!("the folder of the bots has more than {most} MiB, and is copied for each test");
                Err(Error::new(ErrorCode::InputInvalid, message)
                    .help("Name the folder that contains only the bots."))
            }
        }
    }

    /// The path of the copy
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for BotTestFolder {
    fn drop(&mut self) {
        // If it cannot be removed, the system clears its folder of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies files and folders, and returns `false` if they are too large
fn copy_all(from: &Path, to: &Path, left: &mut u64) -> io::Result<bool> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let shown = name.to_string_lossy();
        if shown.starts_with('.') || LEFT_OUT.contains(&&*shown) {
            continue;
        }
        let target = to.join(&name);
        if kind.is_dir() {
            files::create_folder(&target)?;
            if !copy_all(&entry.path(), &target, left)? {
                return Ok(false);
            }
        } else if kind.is_file() {
            let size = entry.metadata()?.len();
            let Some(rest) = left.checked_sub(size) else { return Ok(false) };
            *left = rest;
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(true)
}
