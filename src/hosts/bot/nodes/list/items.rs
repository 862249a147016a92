//! The items of a list in a variable, by their positions.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Reads the position of an item, which has different names in different nodes
pub(super) fn position(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Expr> {
    let names = ["itemPositionNumber", "positionNumber", "itemPosition", "position", "index"];
    let is_given = |name: &&str| raw.attribute(name).is_some_and(|found| found.value.kind == "NUMBER");
    let name = names.into_iter().find(is_given).unwrap_or(names[0]);
    checker.required(raw, name, Expected::Number)
}

/// Changes an item of a list in a variable
///
/// Errors: `bot.expression` if the variable holds no list, or has no item at the position.
pub(super) fn change<R>(
    variable: &str,
    position: &Expr,
    frame: &Frame<'_>,
    change: impl FnOnce(&mut Vec<Value>, usize) -> R,
) -> Result<R, Error> {
    let position = position.whole_number(&frame.scope, "the position")?;
    frame.scope.change(variable, |value| match value {
        Value::List(items) => {
            let at = usize::try_from(position).ok().filter(|at| *at < items.len());
            let at = at.ok_or_else(|| no_item(variable, items.len(), position))?;
            Ok(change(items, at))
        }
        other => Err(is_no_list(variable, other)),
    })
}

pub(super) fn no_item(variable: &str, count: usize, position: i64) -> Error {
    expression_error(format!("${variable}$ has {count} items, none at index {position}"))
}

pub(super) fn is_no_list(variable: &str, value: &Value) -> Error {
    expression_error(format!("${variable}$ is {} and has no items", value.kind()))
}
