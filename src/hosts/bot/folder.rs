//! The repository folder: where child bots are found, and where a flow may write.

use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::contract::Error;
use crate::contract::mask_tokens;
use crate::contract::printable;
use crate::files::Folders;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::files::WritableFile;

/// The ending that a designer's export does not have and a file here may have
const ENDING: &str = ".bot.json";

/// The folders a flow can reach, links resolved
#[derive(Debug, Default)]
pub(crate) struct Folder {
    root: PathBuf,
    folders: Folders,
}

impl Folder {
    /// The folder that child bots are looked up in, and those that may be written and read in (if none is
    /// named, the same one)
    ///
    /// Errors: a folder that is not there.
    pub(crate) fn open(root: &Path, writable: &[PathBuf], readable: &[PathBuf]) -> io::Result<Self> {
        let folders = Folders::open(Some(root), writable, readable)?;
        Ok(Folder { root: root.canonicalize()?, folders })
    }

    /// The same folder, without these files for a flow to write
    #[must_use]
    pub(crate) fn guarding(self, files: impl IntoIterator<Item = Guarded>) -> Self {
        Folder { folders: self.folders.guarding(files), ..self }
    }

    /// Where a child bot of that name would be found, and so run, if there were a file
    pub(crate) fn child_places(&self, path: &str) -> Vec<Guarded> {
        let encoded = path.strip_prefix("repository://").unwrap_or_default();
        let decoded = percent_decode_str(encoded.trim_start_matches('/')).decode_utf8_lossy();
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        let tails = (0..parts.len()).map(|from| parts[from..].join("/"));
        tails.map(|tail| Guarded::new(self.root.join(tail), GuardedKind::ChildBotPlace)).collect()
    }

    /// A file's name for people: relative to the folder, with `/`
    pub(crate) fn display(&self, file: &Path) -> String {
        let relative = file.strip_prefix(&self.root).ok();
        let shown = relative.or_else(|| file.file_name().map(Path::new)).unwrap_or(file);
        let parts: Vec<_> = shown.iter().map(|part| part.to_string_lossy()).collect();
        Folders::shown(&parts.join("/"))
    }

    /// The file of a child bot that is named `repository:///…`
    ///
    /// A designer's path begins with folders that a checkout of one project does not have, so the
    /// longest tail of the path that is a file counts, first as written, then with `.bot.json`.
    ///
    /// Errors: why there is none, as a sentence.
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
            for candidate in [tail.clone(), tail + ENDING] {
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

    /// The file that a flow wants to write
    ///
    /// Errors: `input.invalid` for a place outside the folders that may be written in.
    pub(crate) fn writable(&self, path: &str) -> Result<WritableFile, Error> {
        self.folders.writable(path)
    }

    /// Whether a flow may read a file, which a node before may be about to write
    ///
    /// Errors: `input.invalid` for a place outside the folders that may be read, or where no file can come to be.
    pub(crate) fn may_become_readable(&self, path: &str) -> Result<(), Error> {
        self.folders.may_become_readable(path)
    }
}

/// A bot's name: its file's name without folders and `.bot.json`
pub(crate) fn bot_name(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    mask_tokens(name.strip_suffix(ENDING).map(str::to_owned).unwrap_or(name))
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
