//! Boolean.assign: sets a boolean variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::TargetVariable;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::read as read_value;
use crate::hosts::bot::variables::parse_boolean;

/// A boolean and the variable it goes to
#[derive(Debug)]
pub(super) struct AssignBoolean {
    source: Expr,
    target: Option<TargetVariable>,
}

/// `userDefined` is the text `true` or `false` beside `source` `constant`; without it `source` is a boolean
pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<AssignBoolean> {
    let given = |name: &str| raw.attribute(name).map(|found| &found.value).filter(|value| value.is_given());
    let source = match given("userDefined") {
        Some(value) if !value.string.is_empty() => match parse_boolean(&value.string) {
            Some(flag) => Some(Expr::Constant(flag.into())),
            None => checker.invalid("userDefined", "is not true or false"),
        },
        Some(value) => read_value(checker, "userDefined", value, Expected::Boolean),
        None => checker.required(raw, "source", Expected::Boolean),
    };
    let target = checker.target("returnTo", &raw.return_to, Expected::Boolean);
    Some(AssignBoolean { source: source?, target })
}

pub(super) fn run(node: &AssignBoolean, frame: &Frame<'_>) -> Result<(), Error> {
    let flag = node.source.boolean(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Boolean(flag))
}
