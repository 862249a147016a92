//! Number.randomNumber: a random number.

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// A random whole number between two
#[derive(Debug)]
pub(crate) struct RandomNumber {
    from: Expr,
    to: Expr,
}

impl Compute for RandomNumber {
    const PACKAGE: &'static str = "Number";
    const COMMAND: &'static str = "randomNumber";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "randomNumber", "packageName": "Number", "attributes": [
    { "name": "fromVal", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "toVal", "value": { "type": "NUMBER", "number": "6" } },
    { "name": "isRequiredPrecision", "value": { "type": "BOOLEAN", "boolean": false } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let from = checker.required(raw, "fromVal", Expected::Number);
        let to = checker.required(raw, "toVal", Expected::Number);
        if let Some(Expr::Constant(Value::Boolean(true))) = checker.flag(raw, "isRequiredPrecision", false) {
            return checker.unsupported("this host supports only whole random numbers");
        }
        Some(RandomNumber { from: from?, to: to? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let from = self.from.whole_number(&frame.scope, "\"fromVal\"")?;
        let to = self.to.whole_number(&frame.scope, "\"toVal\"")?;
        between(from, to).map(|number| Value::Number(Number::Integer(number)))
    }
}

/// Returns a random whole number from one to another, both included
///
/// Errors: `bot.expression` if the second is smaller, or the system has no random numbers.
pub(crate) fn between(from: i64, to: i64) -> Result<i64, Error> {
    let size = i128::from(to) - i128::from(from) + 1;
    if size < 1 {
        return Err(expression_error("a random number is between a smaller and a larger number"));
    }
    let random = getrandom::u64().map_err(|_| expression_error("the system has no random numbers"))?;
    // 64 bits for a range of less than 64 bits: the difference between the chances is too small to matter here.
    let number = i128::from(from) + i128::from(random) * size / (1_i128 << 64);
    Ok(i64::try_from(number).unwrap_or(to))
}
