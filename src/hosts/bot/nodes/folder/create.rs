//! Folder.createFolder: creates a folder.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expr;

/// Creates a folder, with those on its path
#[derive(Debug)]
pub(crate) struct CreateFolder {
    path: Expr,
    overwrite: Expr,
}

impl NodeType for CreateFolder {
    const PACKAGE: &'static str = "Folder";
    const COMMAND: Option<&'static str> = Some("createFolder");
    const EXAMPLE: &'static str = r#"{ "commandName": "createFolder", "packageName": "Folder", "attributes": [
    { "name": "folderPath", "value": { "type": "STRING", "expression": "$folder$" } },
    { "name": "isOverwrite", "value": { "type": "BOOLEAN", "boolean": false } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let path = checker.folder_to_write(raw, "folderPath");
        let overwrite = checker.flag(raw, "isOverwrite", false);
        Some(CreateFolder { path: path?, overwrite: overwrite? })
    }
}

impl RunNode for CreateFolder {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

/// A folder that exists stays as it is; to overwrite it is to empty it
fn run(node: &CreateFolder, frame: &Frame<'_>) -> Result<(), Error> {
    let folders = frame.folder().folders();
    let path = node.path.text(&frame.scope)?;
    if node.overwrite.boolean(&frame.scope)? && folders.kind_of(&path)?.is_some() {
        folders.delete_folder(&path)?;
    }
    folders.create_folder(&path)
}
