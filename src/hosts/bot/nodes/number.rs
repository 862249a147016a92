//! Number: assignToNumber, increment, toString.

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::TargetVariable;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::expression::add;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// A number, what is added to it, and the variable that gets the result
#[derive(Debug)]
pub(super) struct Set {
    number: Expr,
    by: Option<Expr>,
    as_text: bool,
    target: Option<TargetVariable>,
}

pub(super) fn read_assign(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Set> {
    let number = checker.required(raw, "input", Expected::Number);
    let target = checker.target("returnTo", &raw.return_to, Expected::Number);
    Some(Set { number: number?, by: None, as_text: false, target })
}

pub(super) fn read_increment(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Set> {
    let number = checker.required(raw, "source", Expected::Number);
    let by = checker.required(raw, "by", Expected::Number);
    let target = checker.target("returnTo", &raw.return_to, Expected::Number);
    Some(Set { number: number?, by: Some(by?), as_text: false, target })
}

/// The name of the number's attribute differs between versions of the package, so the one NUMBER counts
pub(super) fn read_to_string(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Set> {
    let name = raw
        .attributes
        .iter()
        .find(|attribute| attribute.value.kind == "NUMBER")
        .map(|found| found.name.as_str());
    let number = checker.required(raw, name.unwrap_or("number"), Expected::Number);
    let target = checker.target("returnTo", &raw.return_to, Expected::Text);
    Some(Set { number: number?, by: None, as_text: true, target })
}

pub(super) fn run(node: &Set, frame: &Frame<'_>) -> Result<(), Error> {
    let number = node.number.number(&frame.scope)?;
    let number = match &node.by {
        Some(by) => add(number, by.number(&frame.scope)?)?,
        None => number,
    };
    frame.assign(node.target.as_ref(), value(number, node.as_text))
}

fn value(number: Number, as_text: bool) -> Value {
    if as_text { Value::Text(number.to_string()) } else { Value::Number(number) }
}
