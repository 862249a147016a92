//! CsvTxt.OpenCSVTXT: reads a delimited file and keeps its rows under the name of a session.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::csv::delimited;
use crate::hosts::bot::nodes::csv::delimited::Layout;
use crate::hosts::bot::nodes::csv::session::session;
use crate::hosts::bot::nodes::file_encoding::FileEncoding;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expr;

/// Opens a delimited file
#[derive(Debug)]
pub(crate) struct OpenCsv {
    session: Expr,
    path: Expr,
    layout: Layout,
    encoding: FileEncoding,
}

impl NodeType for OpenCsv {
    const PACKAGE: &'static str = "CsvTxt";
    const COMMAND: Option<&'static str> = Some("OpenCSVTXT");
    const EXAMPLE: &'static str = r#"{ "commandName": "OpenCSVTXT", "packageName": "CsvTxt", "attributes": [
    { "name": "session", "value": { "type": "STRING", "string": "Default" } },
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "containsHeader", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "delimeter", "value": { "type": "STRING", "string": "comma" } },
    { "name": "trimLeadingSpace", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "trimTrailingSpace", "value": { "type": "BOOLEAN", "boolean": false } },
    { "name": "encoding", "value": { "type": "STRING", "string": "UTF-8" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let session = session(checker, &raw.attributes);
        let path = checker.path_to_read(raw, "filePath");
        let has_header = checker.constant_flag(raw, "containsHeader");
        let trim_start = checker.constant_flag(raw, "trimLeadingSpace");
        let trim_end = checker.constant_flag(raw, "trimTrailingSpace");
        // The attribute is misspelled in the package.
        let names = ["delimeter", "delimiter"];
        let name = names.into_iter().find(|name| raw.attribute(name).is_some()).unwrap_or(names[0]);
        let word = raw.attribute(name).map_or("", |found| found.value.string.as_str());
        let delimiter = match (delimited::delimiter(word), word) {
            (Some(delimiter), _) => Some(delimiter),
            (None, "custom" | "other" | "regex") => {
                checker.unsupported("this host supports only the delimiters comma, tab, semicolon and pipe")
            }
            (None, _) => checker.unknown_word(name, word, &["comma", "tab", "semicolon", "pipe"]),
        };
        let encoding = FileEncoding::read(checker, raw, "encoding");
        let layout = Layout {
            delimiter: delimiter?,
            has_header: has_header?,
            trim_start: trim_start?,
            trim_end: trim_end?,
        };
        Some(OpenCsv { session: session?, path: path?, layout, encoding: encoding? })
    }
}

impl RunNode for OpenCsv {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &OpenCsv, frame: &Frame<'_>) -> Result<(), Error> {
    let path = node.path.text(&frame.scope)?;
    let content = frame.folder().readable(&path)?.content(delimited::MAX_BYTES)?.ok_or_else(|| {
        let most = delimited::MAX_BYTES >> 20;
        Error::new(ErrorCode::LimitExceeded, format!("the file of a table is larger than {most} MiB"))
    })?;
    let rows = delimited::read(&node.encoding.decode(&content), node.layout)?;
    frame.tables.open(&node.session.text(&frame.scope)?, rows);
    Ok(())
}
