//! LogToFile.logToFile: writes a line to a file in a writable folder.

use time::format_description::well_known::Rfc3339;

use crate::contract::Error;
use crate::contract::utc_now;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::file_encoding::FileEncoding;
use crate::hosts::bot::nodes::written_text::WrittenText;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Writes a line to a file
#[derive(Debug)]
pub(crate) struct LogToFile {
    path: Expr,
    content: Expr,
    timestamp: Option<Expr>,
    overwrite: bool,
    encoding: FileEncoding,
}

impl NodeType for LogToFile {
    const PACKAGE: &'static str = "LogToFile";
    const COMMAND: Option<&'static str> = Some("logToFile");
    const EXAMPLE: &'static str = r#"{ "commandName": "logToFile", "packageName": "LogToFile", "attributes": [
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "logContent", "value": { "type": "STRING", "expression": "$System:AATaskName$: $text$" } },
    { "name": "appendTimestamp", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "logOption", "value": { "type": "STRING", "string": "APPEND_FILE" } },
    { "name": "encodingValue", "value": { "type": "STRING", "string": "ANSI" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let path = checker.path_to_write(raw, "filePath");
        let content = checker.given_or_empty(raw, "logContent");
        let timestamp = checker.optional(raw, "appendTimestamp", Expected::Boolean);
        let overwrite = match raw.attribute("logOption").map(|found| found.value.string.as_str()) {
            None | Some("" | "APPEND_FILE") => Some(false),
            Some("OVERWRITE_FILE") => Some(true),
            Some(other) => checker.unknown_word("logOption", other, &["APPEND_FILE", "OVERWRITE_FILE"]),
        };
        let encoding = FileEncoding::read(checker, raw, "encodingValue");
        Some(LogToFile {
            path: path?,
            content: content?,
            timestamp: timestamp?,
            overwrite: overwrite?,
            encoding: encoding?,
        })
    }
}

impl RunNode for LogToFile {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, place, frame))
    }
}

fn run(node: &LogToFile, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let path = node.path.text(&frame.scope)?;
    let content = frame.reporter().mask(&node.content.text(&frame.scope)?);
    let stamp = match &node.timestamp {
        Some(flag) if flag.boolean(&frame.scope)? => {
            let now = utc_now().format(&Rfc3339).expect("the years of a clock have four digits");
            format!("{now}: ")
        }
        _ => String::new(),
    };
    let text = format!("{stamp}{content}\n");
    WrittenText { text: &text, append: !node.overwrite, encoding: node.encoding }.write(&path, place, frame)
}
