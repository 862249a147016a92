//! Loop: break and continue.

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::leave;
use crate::hosts::bot::session_flow::SessionEffect;

/// Leaves the innermost loop
#[derive(Debug)]
pub(crate) struct Break;

impl NodeType for Break {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.break");
    const EXAMPLE: &'static str = r#"{ "commandName": "loop.commands.break", "packageName": "Loop" }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        leaves_the_innermost_loop(checker, raw).then_some(Break)
    }
}

impl RunNode for Break {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Break)
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Break
    }
}

/// Continues with the next iteration of the innermost loop
#[derive(Debug)]
pub(crate) struct Continue;

impl NodeType for Continue {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.continue");
    const EXAMPLE: &'static str = r#"{ "commandName": "loop.commands.continue", "packageName": "Loop" }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        leaves_the_innermost_loop(checker, raw).then_some(Continue)
    }
}

impl RunNode for Continue {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Continue)
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Continue
    }
}

/// Returns whether the current node is inside a loop, and leaves the innermost one; otherwise, reports a fault
fn leaves_the_innermost_loop(checker: &mut Checker<'_>, raw: &RawNode) -> bool {
    let Some((innermost, others)) = checker.loops.split_last() else {
        checker.unsupported::<()>("this node is not inside a loop");
        return false;
    };
    let wanted = raw.anchor();
    let names_another =
        !wanted.is_empty() && innermost != wanted && others.iter().any(|anchor| anchor == wanted);
    if names_another {
        checker
            .unsupported::<()>("this host leaves only the innermost loop, and the anchor names another one");
    }
    !names_another
}
