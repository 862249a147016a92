//! String.replace: replaces what is found in a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::string::pattern::Wanted;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Replaces what is found in a text
#[derive(Debug)]
pub(crate) struct Replace {
    source: Expr,
    wanted: Wanted,
    with: Expr,
    start: Expr,
    count: Expr,
}

impl Compute for Replace {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "replace";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "replace", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "find", "value": { "type": "STRING", "string": " " } },
    { "name": "isCaseSensitive", "value": { "type": "STRING", "string": "false" } },
    { "name": "isRegularExpression", "value": { "type": "STRING", "string": "false" } },
    { "name": "startIndex", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "count", "value": { "type": "NUMBER", "number": "-1" } },
    { "name": "replaceWith", "value": { "type": "STRING", "string": "-" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let wanted = Wanted::read(checker, raw, "find");
        let with = checker.given_or_empty(raw, "replaceWith");
        let start = checker.number_or(raw, "startIndex", 1);
        let count = checker.number_or(raw, "count", -1);
        Some(Replace { source: source?, wanted: wanted?, with: with?, start: start?, count: count? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let scope = &frame.scope;
        let text = scope.masked(self.source.text(scope)?);
        let (pattern, is_regex) = self.wanted.pattern(frame)?;
        let with = self.with.text(scope)?;
        let (before, rest) = text.split_at(offset(&text, self.start.whole_number(scope, "\"startIndex\"")?));
        // A number below 0 is every occurrence, which is 0 for the library.
        let limit = match usize::try_from(self.count.whole_number(scope, "\"count\"")?) {
            Ok(0) => return Ok(text.into()),
            Ok(limit) => limit,
            Err(_) => 0,
        };
        let replaced = match is_regex {
            true => pattern.replacen(rest, limit, with.as_str()),
            false => pattern.replacen(rest, limit, regex::NoExpand(&with)),
        };
        Ok(format!("{before}{replaced}").into())
    }
}

/// Returns the offset of a character, which flows count from 1
pub(super) fn offset(text: &str, position: i64) -> usize {
    let characters = usize::try_from(position.saturating_sub(1)).unwrap_or(0);
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}
