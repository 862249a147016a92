//! Reads the bot files of a flow: the root and its child bots.

use std::path::Path;
use std::path::PathBuf;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files;
use crate::hosts::bot::check::Children;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::folder::bot_name;
use crate::hosts::bot::format::MAX_BYTES;
use crate::hosts::bot::format::RawBot;
use crate::hosts::bot::format::child_paths;
use crate::hosts::bot::format::read_bot_file;
use crate::hosts::bot::values::Declaration;
use crate::hosts::bot::values::Declarations;

/// The maximum number of bot files in a flow
const MAX_BOTS: usize = 256;

/// A bot file that was read
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) shown: String,
    pub(crate) name: String,
    pub(crate) raw: RawBot,
    pub(crate) declarations: Declarations,
    pub(crate) children: Children,
    /// The errors of the file as a whole
    pub(crate) errors: Vec<Error>,
}

/// Reads the root and every bot that it runs, directly or not, in the order of the first calls
pub(crate) fn read_all(root: PathBuf, folder: &Folder) -> Vec<SourceFile> {
    let mut sources = vec![read(root, folder)];
    let mut at = 0;
    while at < sources.len() {
        let paths: Vec<String> = child_paths(&sources[at].raw.nodes).into_iter().map(str::to_owned).collect();
        for path in paths {
            if sources[at].children.contains_key(&path) {
                continue;
            }
            let child = match folder.child(&path) {
                Err(message) => Err((ErrorCode::BotChildNotFound, message)),
                Ok(found) => match sources.iter().position(|source| source.path == found) {
                    Some(known) => Ok(known),
                    None if sources.len() == MAX_BOTS => {
                        Err((ErrorCode::LimitExceeded, format!("a flow has at most {MAX_BOTS} bot files")))
                    }
                    None => {
                        sources.push(read(found, folder));
                        Ok(sources.len() - 1)
                    }
                },
            };
            sources[at].children.insert(path, child);
        }
        at += 1;
    }
    sources
}

fn read(path: PathBuf, folder: &Folder) -> SourceFile {
    let (raw, mut errors) = match read_file(&path) {
        Ok(raw) => (raw, Vec::new()),
        Err(error) => (RawBot::default(), vec![error]),
    };
    let mut declarations = Declarations::new();
    for variable in &raw.variables {
        let (declaration, result) = Declaration::of(variable);
        errors.extend(result.err());
        declarations.insert(declaration.name.clone(), declaration);
    }
    let (shown, name) = (folder.display(&path), bot_name(&path));
    SourceFile { path, shown, name, raw, declarations, children: Children::new(), errors }
}

fn read_file(path: &Path) -> Result<RawBot, Error> {
    let text = files::read(path, MAX_BYTES).map_err(|error| {
        let message = format!("the file cannot be read: {}", files::reason(&error));
        unreadable(&message).help(files::help(&error)).caused_by(error)
    })?;
    let too_large = || unreadable(&format!("the file is larger than {} MiB", MAX_BYTES >> 20));
    read_bot_file(&text.ok_or_else(too_large)?)
}

/// Returns the error of a file that cannot be read
pub(crate) fn unreadable(message: &str) -> Error {
    Error::new(ErrorCode::BotUnreadable, message)
}
