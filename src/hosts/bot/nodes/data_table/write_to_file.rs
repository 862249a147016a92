//! DataTable.writeToFile: writes a table to a delimited file.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::csv::delimited;
use crate::hosts::bot::nodes::file_encoding::FileEncoding;
use crate::hosts::bot::nodes::written_text::WrittenText;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Writes a table to a file
#[derive(Debug)]
pub(crate) struct WriteToFile {
    table: Expr,
    path: Expr,
    append: bool,
    delimiter: u8,
    encoding: FileEncoding,
}

impl NodeType for WriteToFile {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: Option<&'static str> = Some("writeToFile");
    const EXAMPLE: &'static str = r#"{ "commandName": "writeToFile", "packageName": "DataTable", "attributes": [
    { "name": "sourceTable", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "createDirectories", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "appendToExistingFile", "value": { "type": "STRING", "string": "overwrite" } },
    { "name": "rowDelimiter", "value": { "type": "STRING", "string": "NEW_LINE" } },
    { "name": "columnDelimiter", "value": { "type": "STRING", "string": "COMMA" } },
    { "name": "encoding", "value": { "type": "STRING", "string": "UTF-8-WITHOUT-BOM" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let word = |name: &str| raw.attribute(name).map_or("", |found| found.value.string.as_str());
        let table = checker.required(raw, "sourceTable", Expected::Table);
        let path = checker.path_to_write(raw, "filePath");
        let append = match word("appendToExistingFile") {
            "append" | "APPEND" => Some(true),
            "" | "overwrite" | "OVERWRITE" => Some(false),
            other => checker.unknown_word("appendToExistingFile", other, &["append", "overwrite"]),
        };
        if !matches!(word("rowDelimiter"), "" | "NEW_LINE" | "NEWLINE" | "newline") {
            checker.unsupported::<()>("this host writes each row on a line of its own");
        }
        let column_delimiter = word("columnDelimiter");
        let delimiter = match delimited::delimiter(column_delimiter) {
            Some(delimiter) => Some(delimiter),
            None => checker.unknown_word(
                "columnDelimiter",
                column_delimiter,
                &["COMMA", "TAB", "SEMI_COLON", "PIPE"],
            ),
        };
        let encoding = FileEncoding::read(checker, raw, "encoding");
        Some(WriteToFile {
            table: table?,
            path: path?,
            append: append?,
            delimiter: delimiter?,
            encoding: encoding?,
        })
    }
}

impl RunNode for WriteToFile {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, place, frame))
    }
}

fn run(node: &WriteToFile, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let path = node.path.text(&frame.scope)?;
    // A file that is appended to has its header already.
    let with_header = !(node.append && frame.folder().writable(&path)?.exists());
    let text =
        node.table.read_list(&frame.scope, |rows| delimited::write(rows, node.delimiter, with_header))??;
    let text = frame.reporter().mask(&text);
    WrittenText { text: &text, append: node.append, encoding: node.encoding }.write(&path, place, frame)
}
