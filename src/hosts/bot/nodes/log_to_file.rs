//! LogToFile.logToFile: writes a line to a file in a writable folder.

use std::io::Write as _;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Writes a line to a file, always as UTF-8, ignoring the encoding that is set in the designer
#[derive(Debug)]
pub(crate) struct LogToFile {
    path: Expr,
    content: Expr,
    timestamp: Option<Expr>,
    overwrite: bool,
}

impl NodeType for LogToFile {
    const PACKAGE: &'static str = "LogToFile";
    const COMMAND: Option<&'static str> = Some("logToFile");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let path = checker.required(raw, "filePath", Expected::Text);
        if let Some(path) = path.as_ref().and_then(Expr::constant).and_then(|value| value.as_text()) {
            let folder = checker.around.folder;
            checker.parsed("filePath", folder.writable(path));
        }
        let content = checker.given_or_empty(raw, "logContent");
        let timestamp = checker.optional(raw, "appendTimestamp", Expected::Boolean);
        let overwrite = match raw.attribute("logOption").map(|found| found.value.string.as_str()) {
            None | Some("" | "APPEND_FILE") => Some(false),
            Some("OVERWRITE_FILE") => Some(true),
            Some(_) => checker.invalid("logOption", "is not APPEND_FILE or OVERWRITE_FILE"),
        };
        Some(LogToFile { path: path?, content: content?, timestamp: timestamp?, overwrite: overwrite? })
    }
}

impl RunNode for LogToFile {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, place, frame))
    }
}

fn run(node: &LogToFile, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let file = frame.folder().writable(&node.path.text(&frame.scope)?)?;
    let content = frame.reporter().mask(&node.content.text(&frame.scope)?);
    let stamp = match &node.timestamp {
        Some(flag) if flag.boolean(&frame.scope)? => {
            let now =
                OffsetDateTime::now_utc().format(&Rfc3339).expect("the years of a clock have four digits");
            format!("{now}: ")
        }
        _ => String::new(),
    };
    let mut writer = file.open(node.overwrite)?;
    writer.write_all(format!("{stamp}{content}\n").as_bytes()).map_err(|error| file.failed(error))?;
    frame.reporter().logged(place, &frame.folder().display(file.path()));
    Ok(())
}
