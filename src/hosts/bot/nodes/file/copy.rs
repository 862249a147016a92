//! File.copyFiles: copies files.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files::PathKind;
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

/// Copies the files that a path names into a folder, or one file to a path
#[derive(Debug)]
pub(crate) struct CopyFiles {
    source: Expr,
    destination: Expr,
    overwrite: Expr,
}

impl NodeType for CopyFiles {
    const PACKAGE: &'static str = "File";
    const COMMAND: Option<&'static str> = Some("copyFiles");
    const EXAMPLE: &'static str = r#"{ "commandName": "copyFiles", "packageName": "File", "attributes": [
    { "name": "sourceFilePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "destinationPath", "value": { "type": "STRING", "expression": "$folder$" } },
    { "name": "isOverwrite", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "isParallel", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "isSize", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "isDate", "value": { "type": "BOOLEAN", "boolean": false } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let filters = paths::no_filters(checker, raw);
        let source = checker.path_to_read(raw, "sourceFilePath");
        let destination = checker.required(raw, "destinationPath", Expected::Text);
        let overwrite = checker.flag(raw, "isOverwrite", false);
        filters?;
        Some(CopyFiles { source: source?, destination: destination?, overwrite: overwrite? })
    }
}

impl RunNode for CopyFiles {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &CopyFiles, frame: &Frame<'_>) -> Result<(), Error> {
    let destination = node.destination.text(&frame.scope)?;
    let into_folder = frame.folder().kind_of(&destination)? == Some(PathKind::Folder);
    for path in paths::named(&node.source.text(&frame.scope)?, frame)? {
        let source = frame.folder().readable(&path)?;
        let target = match into_folder {
            true => format!("{}/{}", destination.trim_end_matches(['/', '\\']), source.name()),
            false => destination.clone(),
        };
        let target = frame.folder().writable(&target)?;
        if target.exists() && !node.overwrite.boolean(&frame.scope)? {
            let message = format!("the file \"{}\" exists", frame.folder().display(target.path()));
            return Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Set \"isOverwrite\", or use another folder."));
        }
        source.copy_to(&target)?;
    }
    Ok(())
}
