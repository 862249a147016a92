//! String.assign: sets a text variable.

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

/// Assigns a text to a variable; without a variable, the node does nothing
#[derive(Debug)]
pub(crate) struct AssignString {
    source: Expr,
    target: Option<TargetVariable>,
}

impl NodeType for AssignString {
    const PACKAGE: &'static str = "String";
    const COMMAND: Option<&'static str> = Some("assign");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let target = checker.target("returnTo", &raw.return_to, Expected::Text);
        Some(AssignString { source: source?, target })
    }
}

impl RunNode for AssignString {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, frame))
    }
}

fn run(node: &AssignString, frame: &Frame<'_>) -> Result<(), Error> {
    let text = node.source.text(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Text(text))
}
