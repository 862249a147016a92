//! DataTable.insertRow: adds a row.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::check_nesting;
use crate::hosts::bot::values::expression_error;

/// Adds a row
#[derive(Debug)]
pub(crate) struct InsertRow {
    variable: String,
    row: Expr,
    position: Position,
}

#[derive(Debug)]
enum Position {
    First,
    Last,
    At(Expr),
}

impl Compute for InsertRow {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "insertRow";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "insertRow", "packageName": "DataTable", "attributes": [
    { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "positionSelection", "value": { "type": "STRING", "string": "lastPosition" } },
    { "name": "rowRecord", "value": { "type": "VARIABLE", "variableName": "record" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "table", Expected::Table);
        let row = checker.required(raw, "rowRecord", Expected::Dictionary);
        let position =
            match raw.attribute("positionSelection").map_or("", |found| found.value.string.as_str()) {
                "" | "lastPosition" => Position::Last,
                "firstPosition" => Position::First,
                "specificPosition" => Position::At(checker.required(raw, "rowPosition", Expected::Number)?),
                other => {
                    let known = ["firstPosition", "lastPosition", "specificPosition"];
                    return checker.unknown_word("positionSelection", other, &known);
                }
            };
        checker.changes(&variable);
        Some(InsertRow { variable: variable?, row: row?, position })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let row = Value::Dictionary(self.row.dictionary(&frame.scope)?);
        check_nesting(&self.variable, &row, 1)?;
        let wanted = match &self.position {
            Position::First => Some(0),
            Position::Last => None,
            Position::At(position) => Some(position.whole_number(&frame.scope, "\"rowPosition\"")?),
        };
        frame.scope.change(&self.variable, |value| match value {
            Value::List(rows) => {
                let at = wanted.map_or(Some(rows.len()), |wanted| usize::try_from(wanted).ok());
                let Some(at) = at.filter(|at| *at <= rows.len()) else {
                    return Err(expression_error(format!(
                        "the table has {} rows, and no such position",
                        rows.len()
                    )));
                };
                rows.insert(at, row);
                Ok(Value::Null)
            }
            other => {
                Err(expression_error(format!("${}$ is {} and has no rows", self.variable, other.kind())))
            }
        })
    }
}
