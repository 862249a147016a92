//! List.get: reads an item.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::list::items::no_item;
use crate::hosts::bot::nodes::list::items::position;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Reads an item
#[derive(Debug)]
pub(crate) struct GetItem {
    source: Expr,
    position: Expr,
}

impl Compute for GetItem {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "get";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "get", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } },
    { "name": "itemPositionNumber", "value": { "type": "NUMBER", "number": "0" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "sourceList", Expected::List);
        let position = position(checker, raw);
        Some(GetItem { source: source?, position: position? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let position = self.position.whole_number(&frame.scope, "the position")?;
        self.source.read_list(&frame.scope, |items| {
            usize::try_from(position)
                .ok()
                .and_then(|at| items.get(at))
                .cloned()
                .ok_or_else(|| no_item(self.source.whole_variable().unwrap_or("list"), items.len(), position))
        })?
    }
}
