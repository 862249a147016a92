//! String.subString: returns a part of a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Returns a part of a text, whose positions are counted from 1
#[derive(Debug)]
pub(crate) struct SubString {
    source: Expr,
    start: Expr,
    length: Option<Expr>,
    blank_if_outside: Expr,
}

impl Compute for SubString {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "subString";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "subString", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "startIndex", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "subStringLength", "value": { "type": "NUMBER", "number": "7" } },
    { "name": "returnBlankIfRangeNotFound", "value": { "type": "BOOLEAN", "boolean": true } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let start = checker.number_or(raw, "startIndex", 1);
        let length = checker.optional(raw, "subStringLength", Expected::Number);
        let blank_if_outside = checker.flag(raw, "returnBlankIfRangeNotFound", false);
        Some(SubString {
            source: source?,
            start: start?,
            length: length?,
            blank_if_outside: blank_if_outside?,
        })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let scope = &frame.scope;
        let text = scope.masked(self.source.text(scope)?);
        let characters = text.chars().count();
        let start = self.start.whole_number(scope, "\"startIndex\"")?;
        let length = match &self.length {
            Some(length) => Some(length.whole_number(scope, "\"subStringLength\"")?),
            None => None,
        };
        let begin = usize::try_from(start.saturating_sub(1)).ok().filter(|_| start >= 1);
        let end = begin.and_then(|begin| match length {
            None => Some(characters),
            Some(length) => begin.checked_add(usize::try_from(length).ok()?),
        });
        match (begin, end) {
            (Some(begin), Some(end)) if begin <= characters && end <= characters => {
                Ok(text.chars().skip(begin).take(end - begin).collect::<String>().into())
            }
            _ if self.blank_if_outside.boolean(scope)? => Ok("".into()),
            _ => Err(expression_error(format!(
                "the text has {characters} characters, and the part that is asked for is not among them"
            ))),
        }
    }
}
