//! Folder.deleteFolder: deletes a folder with its content.

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

/// Deletes a folder
#[derive(Debug)]
pub(crate) struct DeleteFolder {
    path: Expr,
}

impl NodeType for DeleteFolder {
    const PACKAGE: &'static str = "Folder";
    const COMMAND: Option<&'static str> = Some("deleteFolder");
    const EXAMPLE: &'static str = r#"{ "commandName": "deleteFolder", "packageName": "Folder", "attributes": [
    { "name": "folderPath", "value": { "type": "STRING", "expression": "$folder$" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(DeleteFolder { path: checker.folder_to_write(raw, "folderPath")? })
    }
}

impl RunNode for DeleteFolder {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &DeleteFolder, frame: &Frame<'_>) -> Result<(), Error> {
    frame.folder().folders().delete_folder(&node.path.text(&frame.scope)?)
}
