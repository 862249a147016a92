//! CsvTxt.CloseCsvTxt: forgets the rows of an open file.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::csv::session::session;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Closes an open file
#[derive(Debug)]
pub(crate) struct CloseCsv {
    session: Expr,
}

impl Compute for CloseCsv {
    const PACKAGE: &'static str = "CsvTxt";
    const COMMAND: &'static str = "CloseCsvTxt";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "CloseCsvTxt", "packageName": "CsvTxt", "attributes": [
    { "name": "session", "value": { "type": "STRING", "string": "Default" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(CloseCsv { session: session(checker, &raw.attributes)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        frame.tables.close(&self.session.text(&frame.scope)?)?;
        Ok(Value::Null)
    }
}
