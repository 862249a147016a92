//! String.assign: sets a text variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::TargetVariable;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// A text and the variable it goes to; without one the node does nothing
#[derive(Debug)]
pub(super) struct AssignString {
    source: Expr,
    target: Option<TargetVariable>,
}

pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<AssignString> {
    let source = checker.given_or_empty(raw, "sourceString");
    let target = checker.target("returnTo", &raw.return_to, Expected::Text);
    Some(AssignString { source: source?, target })
}

pub(super) fn run(node: &AssignString, frame: &Frame<'_>) -> Result<(), Error> {
    let text = node.source.text(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Text(text))
}
