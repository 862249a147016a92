//! What a check that follows sessions holds while it works.

use std::collections::HashMap;

use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::findings::SessionFindings;
use crate::hosts::bot::session_flow::findings::Visit;
use crate::hosts::bot::session_flow::messages::MessageContext;
use crate::hosts::bot::session_flow::messages::Opening;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::step::BotFlow;

/// How much is looked at before the check gives up, in nodes with a few names each: loops in loops multiply
const MOST_WORK: usize = 500_000;

/// The check at work
pub(super) struct Follower<'c, 'p> {
    pub(super) bots: &'c [BotFlow<'p>],
    pub(super) openings: &'c [Opening<'p>],
    pub(super) findings: SessionFindings<'p>,
    /// Child bots that were followed, by how they began
    pub(super) known: HashMap<(usize, ChildEntry), Exits>,
    pub(super) work: usize,
}

/// What surrounds a node, in its bot and in those that run it
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// Whether a branch, a loop or a catch decides if the flow comes here
    pub(super) conditional: bool,
    /// Whether the flow goes on after an error
    pub(super) caught: bool,
    /// Whether what is true when an error happens matters to what follows
    pub(super) watched: bool,
}

/// A bot at work
pub(super) struct FollowedBot<'c, 'p> {
    pub(super) number: usize,
    pub(super) flow: &'c BotFlow<'p>,
    /// The cell of each session variable, in their order
    pub(super) cells: Vec<usize>,
    /// The node that runs it
    pub(super) run_by: Option<&'p Location>,
}

impl<'c, 'p> FollowedBot<'c, 'p> {
    pub(super) fn cell(&self, variable: &str) -> Option<usize> {
        let at = self.flow.variables.iter().position(|(name, _)| *name == variable)?;
        Some(self.cells[at])
    }

    /// The session variables and what they may hold
    pub(super) fn held<'s>(
        &'s self,
        state: &'s FlowState,
    ) -> impl Iterator<Item = (&'s str, &'s VariableContent)> {
        self.flow.variables.iter().zip(&self.cells).map(|((name, _), cell)| (*name, &state.cells[*cell]))
    }
}

/// How a child bot begins: what may have become of the sessions that it can see
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ChildEntry {
    pub(super) state: FlowState,
    /// The cell of each session variable, in their order
    pub(super) cells: Vec<usize>,
    pub(super) way: Way,
}

/// A node that names or opens a session, and how the flow came to it
#[derive(Clone, Copy)]
pub(super) struct At<'b, 'c, 'p> {
    pub(super) bot: &'b FollowedBot<'c, 'p>,
    pub(super) place: &'p Location,
    pub(super) way: Way,
}

impl<'c, 'p> Follower<'c, 'p> {
    pub(super) fn new(bots: &'c [BotFlow<'p>], openings: &'c [Opening<'p>]) -> Self {
        Follower { bots, openings, findings: SessionFindings::default(), known: HashMap::new(), work: 0 }
    }

    /// Whether the flow has more ways than could be followed
    pub(super) fn gave_up(&self) -> bool {
        self.work > MOST_WORK
    }

    pub(super) fn context(&self, bot: &FollowedBot<'c, 'p>, place: &'p Location) -> MessageContext<'c, 'p> {
        MessageContext { bot: bot.number, place, run_by: bot.run_by, openings: self.openings }
    }

    /// One way to come to a node
    pub(super) fn visit(may_work: bool, state: &FlowState, way: Way) -> Visit {
        Visit { may_work, is_certain: state.certain && !way.conditional, is_caught: way.caught }
    }
}
