//! List.listSize: counts the items.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::count;

/// Counts the items of a list
#[derive(Debug)]
pub(crate) struct ListSize {
    source: Expr,
}

impl Compute for ListSize {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "listSize";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "listSize", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(ListSize { source: checker.required(raw, "sourceList", Expected::List)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.read_list(&frame.scope, |items| count(items.len()))
    }
}
