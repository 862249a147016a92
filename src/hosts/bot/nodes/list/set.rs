//! List.listSet: replaces an item.

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
use crate::hosts::bot::values::check_nesting;

/// Replaces an item
#[derive(Debug)]
pub(crate) struct SetItem {
    variable: String,
    position: Expr,
    item: Expr,
}

impl Compute for SetItem {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "listSet";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "listSet", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } },
    { "name": "itemPositionNumber", "value": { "type": "NUMBER", "number": "0" } },
    { "name": "listItem", "value": { "type": "STRING", "string": "first" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceList", Expected::List);
        let position = position(checker, raw);
        let name = if raw.attribute("newValue").is_some() { "newValue" } else { "listItem" };
        let item = checker.required(raw, name, Expected::Any);
        checker.changes(&variable);
        Some(SetItem { variable: variable?, position: position?, item: item? })
    }

    /// The result is the previous item
    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let item = self.item.value(&frame.scope)?;
        check_nesting(&self.variable, &item, 1)?;
        change(&self.variable, &self.position, frame, |items, at| std::mem::replace(&mut items[at], item))
    }
}
