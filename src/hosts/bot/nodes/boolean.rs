//! Boolean.assign: sets a boolean variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::parse_boolean;

/// Assigns a boolean to a variable
#[derive(Debug)]
pub(crate) struct AssignBoolean {
    source: Expr,
    target: Option<TargetVariable>,
}

impl NodeType for AssignBoolean {
    const PACKAGE: &'static str = "Boolean";
    const COMMAND: Option<&'static str> = Some("assign");

    /// If `source` is `constant`, `userDefined` is the text `true` or `false`; otherwise, `source` is a boolean
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let given =
            |name: &str| raw.attribute(name).map(|found| &found.value).filter(|value| value.is_given());
        let source = match given("userDefined") {
            Some(value) if !value.string.is_empty() => match parse_boolean(&value.string) {
                Some(flag) => Some(Expr::Constant(flag.into())),
                None => checker.invalid("userDefined", "is not true or false"),
            },
            Some(value) => checker.value("userDefined", value, Expected::Boolean),
            None => checker.required(raw, "source", Expected::Boolean),
        };
        let target = checker.target("returnTo", &raw.return_to, Expected::Boolean);
        Some(AssignBoolean { source: source?, target })
    }
}

impl RunNode for AssignBoolean {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &AssignBoolean, frame: &Frame<'_>) -> Result<(), Error> {
    let flag = node.source.boolean(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Boolean(flag))
}
