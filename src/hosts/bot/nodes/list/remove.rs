//! List.listRemove: removes an item.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::list::items::change;
use crate::hosts::bot::nodes::list::items::position;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Removes an item
#[derive(Debug)]
pub(crate) struct RemoveItem {
    variable: String,
    position: Expr,
}

impl Compute for RemoveItem {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "listRemove";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "listRemove", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } },
    { "name": "itemPositionNumber", "value": { "type": "NUMBER", "number": "0" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceList", Expected::List);
        let position = position(checker, raw);
        checker.changes(&variable);
        Some(RemoveItem { variable: variable?, position: position? })
    }

    /// The result is the item
    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        change(&self.variable, &self.position, frame, |items, at| items.remove(at))
    }
}
