//! File.renameFiles: renames a file.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::file::paths;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Gives a file another name in its folder
#[derive(Debug)]
pub(crate) struct RenameFiles {
    path: Expr,
    name: Expr,
}

impl NodeType for RenameFiles {
    const PACKAGE: &'static str = "File";
    const COMMAND: Option<&'static str> = Some("renameFiles");
    const EXAMPLE: &'static str = r#"{ "commandName": "renameFiles", "packageName": "File", "attributes": [
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "newFileName", "value": { "type": "STRING", "string": "done.log" } },
    { "name": "isSize", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "isDate", "value": { "type": "BOOLEAN", "boolean": false } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let filters = paths::no_filters(checker, raw);
        let path = checker.path_to_write(raw, "filePath");
        let name = checker.required(raw, "newFileName", Expected::Text);
        filters?;
        Some(RenameFiles { path: path?, name: name? })
    }
}

impl RunNode for RenameFiles {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &RenameFiles, frame: &Frame<'_>) -> Result<(), Error> {
    let invalid = |message: String| Error::new(ErrorCode::InputInvalid, message);
    let path = node.path.text(&frame.scope)?;
    let name = node.name.text(&frame.scope)?;
    if name.is_empty() || name.contains(['/', '\\']) {
        return Err(invalid("\"newFileName\" has to be a name without a folder".to_owned()));
    }
    let (folder, _) = paths::folder_and_name(&path);
    let target = if folder.is_empty() { name } else { format!("{folder}/{name}") };
    let (file, target) = (frame.folder().writable(&path)?, frame.folder().writable(&target)?);
    if target.exists() {
        return Err(invalid(format!("the file \"{}\" exists", frame.folder().display(target.path()))));
    }
    file.rename(&target)
}
