//! The repository folder, which contains the child bots, and the folders that a flow may read and write.

use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::contract::Error;
use crate::contract::mask_tokens;
use crate::contract::printable;
use crate::files;
use crate::files::Folders;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::files::PathKind;
use crate::files::ReadableFile;
use crate::files::WritableFile;

/// The suffix that a bot file may have and that the paths of the designer do not have
const SUFFIX: &str = ".bot.json";

/// The folders that a flow can access, with links resolved
#[derive(Debug, Default)]
pub(crate) struct Folder {
    root: PathBuf,
    folders: Folders,
}

impl Folder {
    /// Opens the folder that contains the child bots, and the folders that a flow may write and read; if none is
    /// given, that is the same folder
    ///
    /// Errors: a folder does not exist or cannot be opened.
    pub(crate) fn open(root: &Path, writable: &[PathBuf], readable: &[PathBuf]) -> Result<Self, Error> {
        let opened = || {
            let folders = Folders::open(Some(root), writable, readable)?;
            let root = root.canonicalize().map_err(|error| (root.to_owned(), error))?;
            Ok(Folder { root, folders })
        };
        opened().map_err(files::folder_not_opened)
    }

    /// Returns the same folder with these files protected from writing
    #[must_use]
    pub(crate) fn guarding(self, files: impl IntoIterator<Item = Guarded>) -> Self {
        Folder { folders: self.folders.guarding(files), ..self }
    }

    /// Returns the places where a file would be found and run as the child bot with this path
    pub(crate) fn child_places(&self, path: &str) -> Vec<Guarded> {
        let encoded = path.strip_prefix("repository://").unwrap_or_default();
        let decoded = percent_decode_str(encoded.trim_start_matches('/')).decode_utf8_lossy();
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        let tails = (0..parts.len()).map(|from| parts[from..].join("/"));
        tails.map(|tail| Guarded::new(self.root.join(tail), GuardedKind::ChildBotPlace)).collect()
    }

    /// Returns the path of a file as it is shown: relative to the folder, with `/`
    pub(crate) fn display(&self, file: &Path) -> String {
        let relative = file.strip_prefix(&self.root).ok();
        let shown = relative.or_else(|| file.file_name().map(Path::new)).unwrap_or(file);
        let parts: Vec<_> = shown.iter().map(|part| part.to_string_lossy()).collect();
        Folders::shown(&parts.join("/"))
    }

    /// Returns the file of the child bot with the path `repository:///…`
    ///
    /// A path of the designer begins with folders that a checkout of one project does not have, so the
    /// longest tail of the path that is a file is used, first as written, then with `.bot.json`.
    ///
    /// Errors: a message that says why there is no such file.
    pub(crate) fn child(&self, path: &str) -> Result<PathBuf, String> {
        let shown = printable(path, 256);
        let Some(encoded) = path.strip_prefix("repository://") else {
            return Err(format!("the child bot \"{shown}\" is not given as a path repository:///…"));
        };
        let decoded = percent_decode_str(encoded.trim_start_matches('/'))
            .decode_utf8()
            .map_err(|_| format!("the path of the child bot \"{shown}\" is not UTF-8"))?;
        let parts: Vec<&str> = decoded.split('/').collect();
        let plain = |part: &&str| {
            let mut components = Path::new(part).components();
            matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
                && !part.contains(['\\', ':', '\0'])
        };
        if !parts.iter().all(plain) {
            return Err(format!(
                "the path of the child bot \"{shown}\" points outside the repository folder"
            ));
        }
        for from in 0..parts.len() {
            let tail = parts[from..].join("/");
            for candidate in [tail.clone(), tail + SUFFIX] {
                let candidate = self.root.join(candidate);
                if !candidate.is_file() {
                    continue;
                }
                return match candidate.canonicalize() {
                    Ok(file) if file.starts_with(&self.root) => Ok(file),
                    _ => Err(format!(
                        "the child bot \"{shown}\" is a link that points outside the repository folder"
                    )),
                };
            }
        }
        Err(format!("the child bot \"{shown}\" is not in the repository folder"))
    }

    /// Returns the file at a path, for writing
    ///
    /// Errors: `input.invalid` for a path outside the writable folders.
    pub(crate) fn writable(&self, path: &str) -> Result<WritableFile, Error> {
        self.folders.writable(path)
    }

    /// Returns the file at a path, for reading
    ///
    /// Errors: `input.invalid` for a path outside the readable folders.
    pub(crate) fn readable(&self, path: &str) -> Result<ReadableFile, Error> {
        self.folders.readable(path)
    }

    /// Returns what is at a path, or `None` if there is nothing
    ///
    /// Errors: `input.invalid` for a path outside the folders of the flow.
    pub(crate) fn kind_of(&self, path: &str) -> Result<Option<PathKind>, Error> {
        self.folders.kind_of(path)
    }

    /// Returns whether a path does not exist, and is where a flow may create folders
    pub(crate) fn may_be_created(&self, path: &str) -> bool {
        self.folders.may_be_created(path)
    }

    /// Returns the folders in which a flow may read and write
    pub(crate) fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Checks that a flow may read a file; it need not exist yet, since an earlier node may write it
    ///
    /// Errors: `input.invalid` for a path outside the readable folders, or where no file can be created.
    pub(crate) fn may_become_readable(&self, path: &str) -> Result<(), Error> {
        self.folders.may_become_readable(path)
    }
}

/// Returns the name of a bot: its file name without folders and `.bot.json`
pub(crate) fn bot_name(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    mask_tokens(name.strip_suffix(SUFFIX).map(str::to_owned).unwrap_or(name))
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
