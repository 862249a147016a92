//! String.split: splits a text into a list.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::string::pattern::Wanted;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Splits a text into a list
#[derive(Debug)]
pub(crate) struct Split {
    source: Expr,
    delimiter: Wanted,
    /// The number of parts; all if it is missing
    most: Option<Expr>,
}

impl Compute for Split {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "split";
    const RESULT: Expected = Expected::List;
    const EXAMPLE: &'static str = r#"{ "commandName": "split", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "delimiter", "value": { "type": "STRING", "string": ";" } },
    { "name": "isCaseSensitive", "value": { "type": "STRING", "string": "false" } },
    { "name": "substrings", "value": { "type": "STRING", "string": "ALL" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "list" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let delimiter = Wanted::read(checker, raw, "delimiter");
        let most = match raw.attribute("substrings").map(|found| found.value.string.as_str()) {
            None | Some("" | "ALL") => Some(None),
            // The number is in an attribute of its own, or is the choice itself.
            Some(number) => match number.parse::<i64>() {
                Ok(number) => Some(Some(Expr::Constant(number.into()))),
                Err(_) => checker.optional(raw, "numberOfSubstrings", Expected::Number),
            },
        };
        Some(Split { source: source?, delimiter: delimiter?, most: most? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let text = frame.scope.masked(self.source.text(&frame.scope)?);
        let (pattern, _) = self.delimiter.pattern(frame)?;
        if pattern.as_str().is_empty() {
            return Ok(Value::List(vec![text.into()]));
        }
        let most = match &self.most {
            Some(most) => usize::try_from(most.whole_number(&frame.scope, "\"substrings\"")?).unwrap_or(0),
            None => usize::MAX,
        };
        Ok(Value::List(pattern.splitn(&text, most).map(Value::from).collect()))
    }
}
