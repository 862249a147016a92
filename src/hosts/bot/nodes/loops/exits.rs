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

/// Leaves the innermost loop, or the one that its anchor names
#[derive(Debug)]
pub(crate) struct Break {
    /// How many loops further out that loop is
    outer: u8,
}

impl NodeType for Break {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.break");
    const EXAMPLE: &'static str = r#"{ "commandName": "loop.commands.break", "packageName": "Loop" }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        wanted_loop(checker, raw).map(|outer| Break { outer })
    }
}

impl RunNode for Break {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Break(self.outer))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Break(self.outer)
    }
}

/// Continues with the next iteration of the innermost loop, or of the one that its anchor names
#[derive(Debug)]
pub(crate) struct Continue {
    /// How many loops further out that loop is
    outer: u8,
}

impl NodeType for Continue {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.continue");
    const EXAMPLE: &'static str = r#"{ "commandName": "loop.commands.continue", "packageName": "Loop" }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        wanted_loop(checker, raw).map(|outer| Continue { outer })
    }
}

impl RunNode for Continue {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Continue(self.outer))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Continue(self.outer)
    }
}

/// Returns the loop around the current node that its anchor names, counted from the innermost one; without a loop of that
/// anchor, the innermost one; reports a fault outside of loops
fn wanted_loop(checker: &mut Checker<'_>, raw: &RawNode) -> Option<u8> {
    if checker.loops.is_empty() {
        return checker.unsupported("this node is not inside a loop");
    }
    let wanted = raw.anchor();
    let outer = checker.loops.iter().rev().position(|anchor| !wanted.is_empty() && anchor == wanted);
    // Nodes nest less than 256 deep.
    Some(outer.and_then(|outer| u8::try_from(outer).ok()).unwrap_or(0))
}
