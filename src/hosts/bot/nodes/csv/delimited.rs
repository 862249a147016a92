//! Tables as delimited text: CSV with any delimiter.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Value;
use crate::hosts::bot::values::columns;
use crate::hosts::bot::values::expression_error;

/// The largest file that is read into a table, in bytes
pub(in crate::hosts::bot::nodes) const MAX_BYTES: u64 = 64 << 20;

/// How a delimited text is read
#[derive(Debug, Clone, Copy)]
pub(in crate::hosts::bot::nodes) struct Layout {
    pub(in crate::hosts::bot::nodes) delimiter: u8,
    pub(in crate::hosts::bot::nodes) has_header: bool,
    pub(in crate::hosts::bot::nodes) trim_start: bool,
    pub(in crate::hosts::bot::nodes) trim_end: bool,
}

/// Returns the delimiter with the name that a designer gives it
pub(in crate::hosts::bot::nodes) fn delimiter(name: &str) -> Option<u8> {
    Some(match name.to_ascii_lowercase().replace(['_', ' ', '-'], "").as_str() {
        "" | "comma" | "," => b',',
        "tab" => b'\t',
        "semicolon" | ";" => b';',
        "pipe" | "|" => b'|',
        _ => return None,
    })
}

/// Reads the rows of a delimited text, each as a record
///
/// Errors: `bot.expression` with the line of a row that cannot be read; the text is never quoted.
pub(in crate::hosts::bot::nodes) fn read(text: &str, layout: Layout) -> Result<Vec<Value>, Error> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(layout.delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        rows.push(row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            expression_error(format!("the file is not a delimited text: line {line} cannot be read"))
        })?);
    }
    let header = if layout.has_header && !rows.is_empty() { Some(rows.remove(0)) } else { None };
    let width = rows.iter().chain(&header).map(csv::StringRecord::len).max().unwrap_or(0);
    let names = columns(header.iter().flatten(), width);
    let trimmed = |cell: &str| {
        let cell = if layout.trim_start { cell.trim_start() } else { cell };
        Value::from(if layout.trim_end { cell.trim_end() } else { cell })
    };
    let record = |row: csv::StringRecord| {
        let cells = (0..width).map(|at| trimmed(row.get(at).unwrap_or_default()));
        Value::Dictionary(names.iter().cloned().zip(cells).collect())
    };
    Ok(rows.into_iter().map(record).collect())
}

/// Writes rows as a delimited text; the columns are those of the first row
///
/// Errors: `bot.expression` for a cell that is not a text, number or boolean.
pub(in crate::hosts::bot::nodes) fn write(
    rows: &[Value],
    delimiter: u8,
    with_header: bool,
) -> Result<String, Error> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    // Writing to memory does not fail.
    let unwritten = |_| Error::new(ErrorCode::Internal, "a row of the table cannot be written");
    let records: Vec<&Dictionary> = rows.iter().filter_map(Value::as_dictionary).collect();
    if let (true, Some(first)) = (with_header, records.first()) {
        writer.write_record(first.keys()).map_err(unwritten)?;
    }
    for record in records {
        let cells: Vec<String> = record.values().map(cell).collect::<Result<_, _>>()?;
        writer.write_record(cells).map_err(unwritten)?;
    }
    let written =
        writer.into_inner().map_err(|_| Error::new(ErrorCode::Internal, "the table is incomplete"))?;
    String::from_utf8(written).map_err(|_| Error::new(ErrorCode::Internal, "a text of a flow is UTF-8"))
}

fn cell(value: &Value) -> Result<String, Error> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Boolean(flag) => Ok(flag.to_string()),
        other => {
            Err(expression_error(format!("a cell of the table is {}, which is not a text", other.kind())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Layout = Layout { delimiter: b',', has_header: true, trim_start: false, trim_end: false };

    fn json(rows: &[Value]) -> String {
        serde_json::to_string(rows).expect("values serialize")
    }

    #[test]
    fn rows_are_records_of_their_columns() {
        let rows = read("id,name\n1,\"a, \"\"b\"\"\"\n2\n", PLAIN).expect("it is CSV");
        assert_eq!(json(&rows), r#"[{"id":"1","name":"a, \"b\""},{"id":"2","name":""}]"#);
        let rows =
            read(" 1;x \n", Layout { delimiter: b';', has_header: false, trim_start: true, trim_end: true });
        assert_eq!(json(&rows.expect("it is CSV")), r#"[{"Column 1":"1","Column 2":"x"}]"#);
        assert_eq!(json(&read("id,name\n", PLAIN).expect("it is CSV")), "[]");
        assert_eq!(json(&read("", PLAIN).expect("it is CSV")), "[]");
    }

    #[test]
    fn a_table_is_written_and_read_again() {
        let rows = read("id,name\n1,\"two\nlines\"\n2,\"a,b\"\n", PLAIN).expect("it is CSV");
        let written = write(&rows, b'\t', true).expect("all cells are texts");
        let tabs = Layout { delimiter: b'\t', ..PLAIN };
        assert_eq!(json(&read(&written, tabs).expect("it was written here")), json(&rows));
        assert_eq!(write(&[], b',', true).expect("there are no cells"), "");
        let nested = [Value::Dictionary([("x".to_owned(), Value::List(Vec::new()))].into_iter().collect())];
        assert!(write(&nested, b',', false).is_err());
    }

    #[test]
    fn delimiters_have_the_names_of_designers() {
        for (name, expected) in
            [("comma", b','), ("TAB", b'\t'), ("SEMI_COLON", b';'), ("semicolon", b';'), ("pipe", b'|')]
        {
            assert_eq!(delimiter(name), Some(expected), "{name}");
        }
        assert_eq!(delimiter("custom"), None);
    }
}
