//! The state of the check of sessions.

use std::collections::HashMap;

use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::findings::SessionFindings;
use crate::hosts::bot::session_flow::findings::Visit;
use crate::hosts::bot::session_flow::messages::MessageContext;
use crate::hosts::bot::session_flow::messages::NamedConnect;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::step::BotFlow;

/// The maximum work of a check, in nodes with a few names each; nested loops multiply the work
const MAX_WORK: usize = 500_000;

/// A check of sessions
pub(super) struct Follower<'c, 'p> {
    pub(super) bots: &'c [BotFlow<'p>],
    pub(super) connects: &'c [NamedConnect<'p>],
    pub(super) findings: SessionFindings<'p>,
    /// Child bots that were followed, by their entry
    pub(super) known: HashMap<(usize, ChildEntry), Exits>,
    pub(super) work: usize,
}

/// The context of a node, in its bot and in the bots that run it
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PathContext {
    /// Whether a branch, a loop or a catch decides if the flow reaches the node
    pub(super) conditional: bool,
    /// Whether an error is caught
    pub(super) caught: bool,
    /// Whether the state at an error matters to a later node
    pub(super) watched: bool,
}

/// A bot that is followed
pub(super) struct FollowedBot<'c, 'p> {
    pub(super) number: usize,
    pub(super) flow: &'c BotFlow<'p>,
    /// The cell of each session variable, in the order of the variables
    pub(super) cells: Vec<usize>,
    /// The node that runs it
    pub(super) run_by: Option<&'p Location>,
}

impl<'c, 'p> FollowedBot<'c, 'p> {
    pub(super) fn cell(&self, variable: &str) -> Option<usize> {
        let at = self.flow.variables.iter().position(|(name, _)| *name == variable)?;
        Some(self.cells[at])
    }

    /// Returns the session variables and their possible contents
    pub(super) fn held<'s>(
        &'s self,
        state: &'s FlowState,
    ) -> impl Iterator<Item = (&'s str, &'s VariableContent)> {
        self.flow.variables.iter().zip(&self.cells).map(|((name, _), cell)| (*name, &state.cells[*cell]))
    }
}

/// The initial state of a child bot
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ChildEntry {
    pub(super) state: FlowState,
    /// The cell of each session variable, in the order of the variables
    pub(super) cells: Vec<usize>,
    pub(super) path: PathContext,
}

/// A node that opens or uses a session, with its context
#[derive(Clone, Copy)]
pub(super) struct NodeContext<'b, 'c, 'p> {
    pub(super) bot: &'b FollowedBot<'c, 'p>,
    pub(super) place: &'p Location,
    pub(super) path: PathContext,
}

impl<'c, 'p> Follower<'c, 'p> {
    pub(super) fn new(bots: &'c [BotFlow<'p>], connects: &'c [NamedConnect<'p>]) -> Self {
        Follower { bots, connects, findings: SessionFindings::default(), known: HashMap::new(), work: 0 }
    }

    /// Returns whether the flow has too many paths to follow
    pub(super) fn gave_up(&self) -> bool {
        self.work > MAX_WORK
    }

    pub(super) fn context(&self, bot: &FollowedBot<'c, 'p>, place: &'p Location) -> MessageContext<'c, 'p> {
        MessageContext { bot: bot.number, place, run_by: bot.run_by, connects: self.connects }
    }

    /// Creates the visit of a node
    pub(super) fn visit(may_work: bool, state: &FlowState, path: PathContext) -> Visit {
        Visit { may_work, is_certain: state.certain && !path.conditional, is_caught: path.caught }
    }
}
