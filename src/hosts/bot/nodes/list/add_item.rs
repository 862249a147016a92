//! List.addItem: adds an item.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::list::items::is_no_list;
use crate::hosts::bot::nodes::list::items::no_item;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::check_nesting;

/// Adds an item
#[derive(Debug)]
pub(crate) struct AddItem {
    variable: String,
    item: Expr,
    position: Position,
}

#[derive(Debug)]
enum Position {
    Start,
    End,
    /// Before an item, or after it
    At {
        index: Expr,
        after: bool,
    },
}

impl Compute for AddItem {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "addItem";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "addItem", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } },
    { "name": "listItem", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "itemPosition", "value": { "type": "STRING", "string": "END" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceList", Expected::List);
        let item = match raw.attribute("listItem") {
            Some(found) if !found.value.is_given() && found.value.kind == "STRING" => {
                Some(Expr::Constant("".into()))
            }
            _ => checker.required(raw, "listItem", Expected::Any),
        };
        let position = match raw.attribute("itemPosition").map_or("", |found| found.value.string.as_str()) {
            "" | "END" => Position::End,
            "START" => Position::Start,
            option @ ("BEFORE_INDEX" | "AFTER_INDEX" | "INDEX" | "AT_INDEX") => Position::At {
                index: checker.required(raw, "positionNumber", Expected::Number)?,
                after: option == "AFTER_INDEX",
            },
            other => {
                let known = ["START", "END", "BEFORE_INDEX", "AFTER_INDEX"];
                return checker.unknown_word("itemPosition", other, &known);
            }
        };
        checker.changes(&variable);
        Some(AddItem { variable: variable?, item: item?, position })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let item = self.item.value(&frame.scope)?;
        check_nesting(&self.variable, &item, 1)?;
        let at = match &self.position {
            Position::Start => Some((0, false)),
            Position::End => None,
            Position::At { index, after } => {
                Some((index.whole_number(&frame.scope, "\"positionNumber\"")?, *after))
            }
        };
        frame.scope.change(&self.variable, |value| match value {
            Value::List(items) => {
                match at {
                    None => items.push(item),
                    Some((index, after)) => {
                        let at =
                            usize::try_from(index).ok().and_then(|at| at.checked_add(usize::from(after)));
                        match at.filter(|at| *at <= items.len()) {
                            Some(at) => items.insert(at, item),
                            None => return Err(no_item(&self.variable, items.len(), index)),
                        }
                    }
                }
                Ok(())
            }
            other => Err(is_no_list(&self.variable, other)),
        })?;
        Ok(Value::Null)
    }
}
