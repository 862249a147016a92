//! File.deleteFiles: deletes files.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::file::paths;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expr;

/// Deletes the files that a path names
#[derive(Debug)]
pub(crate) struct DeleteFiles {
    path: Expr,
}

impl NodeType for DeleteFiles {
    const PACKAGE: &'static str = "File";
    const COMMAND: Option<&'static str> = Some("deleteFiles");
    const EXAMPLE: &'static str = r#"{ "commandName": "deleteFiles", "packageName": "File", "attributes": [
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$/*.tmp" } },
    { "name": "isParallelDelete", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "isSize", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "isDate", "value": { "type": "BOOLEAN", "boolean": false } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let filters = paths::no_filters(checker, raw);
        let path = checker.path_to_write(raw, "filePath");
        filters?;
        Some(DeleteFiles { path: path? })
    }
}

impl RunNode for DeleteFiles {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

/// A file that does not exist is an error, a pattern that fits none is not
fn run(node: &DeleteFiles, frame: &Frame<'_>) -> Result<(), Error> {
    for path in paths::named(&node.path.text(&frame.scope)?, frame)? {
        frame.folder().writable(&path)?.remove()?;
    }
    Ok(())
}
