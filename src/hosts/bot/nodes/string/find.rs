//! String.find: returns the position of a text in another.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::string::pattern::Wanted;
use crate::hosts::bot::nodes::string::replace::offset;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::count;

/// Returns the position of a text in another, counted from 1; 0 if it is not there
#[derive(Debug)]
pub(crate) struct Find {
    source: Expr,
    wanted: Wanted,
    start: Expr,
}

impl Compute for Find {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "find";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "find", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "find", "value": { "type": "STRING", "string": "release" } },
    { "name": "isCaseSensitive", "value": { "type": "STRING", "string": "true" } },
    { "name": "isRegularExpression", "value": { "type": "STRING", "string": "false" } },
    { "name": "startIndex", "value": { "type": "NUMBER", "number": "1" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let wanted = Wanted::read(checker, raw, "find");
        let start = checker.number_or(raw, "startIndex", 1);
        Some(Find { source: source?, wanted: wanted?, start: start? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let text = self.source.text(&frame.scope)?;
        let (pattern, _) = self.wanted.pattern(frame)?;
        let from = offset(&text, self.start.whole_number(&frame.scope, "\"startIndex\"")?);
        let found = pattern.find_at(&text, from);
        Ok(count(found.map_or(0, |found| text[..found.start()].chars().count() + 1)))
    }
}
