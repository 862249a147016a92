//! CsvTxt.ReadFromCsvTxt: returns the rows of an open file as a table.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::csv::session::session;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Returns the rows of an open file
#[derive(Debug)]
pub(crate) struct ReadCsv {
    session: Expr,
}

impl Compute for ReadCsv {
    const PACKAGE: &'static str = "CsvTxt";
    const COMMAND: &'static str = "ReadFromCsvTxt";
    const RESULT: Expected = Expected::Table;
    const EXAMPLE: &'static str = r#"{ "commandName": "ReadFromCsvTxt", "packageName": "CsvTxt", "attributes": [
    { "name": "session", "value": { "type": "STRING", "string": "Default" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "table" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(ReadCsv { session: session(checker, &raw.attributes)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let rows = frame.tables.rows(&self.session.text(&frame.scope)?)?;
        Ok(Value::List(rows.to_vec()))
    }
}
