//! String.compare: compares two texts.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Compares two texts
#[derive(Debug)]
pub(crate) struct Compare {
    source: Expr,
    other: Expr,
    match_case: Expr,
}

impl Compute for Compare {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "compare";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "compare", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "stringToCompare", "value": { "type": "STRING", "string": "succeeded" } },
    { "name": "matchCase", "value": { "type": "STRING", "string": "false" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let other = checker.given_or_empty(raw, "stringToCompare");
        let match_case = checker.flag(raw, "matchCase", false);
        Some(Compare { source: source?, other: other?, match_case: match_case? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let (source, other) = (self.source.text(&frame.scope)?, self.other.text(&frame.scope)?);
        let same = match self.match_case.boolean(&frame.scope)? {
            true => source == other,
            false => source.to_lowercase() == other.to_lowercase(),
        };
        Ok(same.into())
    }
}
