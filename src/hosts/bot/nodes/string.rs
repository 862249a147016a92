//! String.assign: sets a text variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::Target;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// A text and the variable it goes to; without one the node does nothing
#[derive(Debug)]
pub(super) struct Assign {
    source: Expr,
    target: Option<Target>,
}

pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Assign> {
    let source = checker.given_or_empty(raw, "sourceString");
    let target = checker.target("returnTo", &raw.return_to, Expected::Text);
    Some(Assign { source: source?, target })
}

pub(super) fn run(node: &Assign, frame: &Frame<'_>) -> Result<(), Error> {
    let text = node.source.text(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Text(text))
}
