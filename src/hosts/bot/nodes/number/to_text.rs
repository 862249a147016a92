//! Number.toString: writes a number as a text.

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// The most digits after the point
const MOST_DIGITS: i64 = 20;

/// Writes a number as a text
#[derive(Debug)]
pub(crate) struct NumberToText {
    number: Expr,
    /// The number of digits after the point
    digits: Option<Expr>,
}

impl Compute for NumberToText {
    const PACKAGE: &'static str = "Number";
    const COMMAND: &'static str = "toString";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "toString", "packageName": "Number", "attributes": [
    { "name": "input", "value": { "type": "NUMBER", "expression": "$count$" } },
    { "name": "numFormatDigits", "value": { "type": "NUMBER", "number": "0" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    /// The attribute of the number has different names in different versions of the package, so it is found by its
    /// type
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let is_number = |found: &&crate::hosts::bot::format::RawAttribute| {
            found.value.kind == "NUMBER" && found.name != "numFormatDigits"
        };
        let name = raw.attributes.iter().find(is_number).map(|found| found.name.as_str());
        let number = checker.required(raw, name.unwrap_or("input"), Expected::Number);
        let digits = checker.optional(raw, "numFormatDigits", Expected::Number);
        Some(NumberToText { number: number?, digits: digits? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let number = self.number.number(&frame.scope)?;
        let digits = match &self.digits {
            Some(digits) => digits.whole_number(&frame.scope, "\"numFormatDigits\"")?.clamp(0, MOST_DIGITS),
            None => 0,
        };
        // Without a number of digits, and for 0 of them, a number is written as it is.
        Ok(match (usize::try_from(digits), number) {
            (Ok(digits @ 1..), Number::Integer(number)) => format!("{number}.{:0<digits$}", ""),
            (Ok(digits @ 1..), Number::Decimal(number)) => format!("{number:.digits$}"),
            (_, number) => number.to_string(),
        }
        .into())
    }
}
