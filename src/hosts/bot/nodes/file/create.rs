//! File.createFile: creates an empty file.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expr;

/// Creates an empty file
#[derive(Debug)]
pub(crate) struct CreateFile {
    path: Expr,
    overwrite: Expr,
}

impl NodeType for CreateFile {
    const PACKAGE: &'static str = "File";
    const COMMAND: Option<&'static str> = Some("createFile");
    const EXAMPLE: &'static str = r#"{ "commandName": "createFile", "packageName": "File", "attributes": [
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "isOverwrite", "value": { "type": "BOOLEAN", "boolean": true } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let path = checker.path_to_write(raw, "filePath");
        let overwrite = checker.flag(raw, "isOverwrite", false);
        Some(CreateFile { path: path?, overwrite: overwrite? })
    }
}

impl RunNode for CreateFile {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &CreateFile, frame: &Frame<'_>) -> Result<(), Error> {
    let file = frame.folder().writable(&node.path.text(&frame.scope)?)?;
    if file.exists() && !node.overwrite.boolean(&frame.scope)? {
        let message = format!("the file \"{}\" exists", frame.folder().display(file.path()));
        return Err(
            Error::new(ErrorCode::InputInvalid, message).help("Set \"isOverwrite\", or use another name.")
        );
    }
    file.open(true).map(drop)
}
