//! A flow as the check of its sessions sees it: what opens, uses and closes sessions, and which way the flow goes.

use std::rc::Rc;

use crate::contract::SessionName;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::names::Access;
use crate::package::SessionUse;

/// One bot
#[derive(Debug)]
pub(in crate::hosts::bot) struct BotFlow<'p> {
    /// Its name
    pub(in crate::hosts::bot) name: &'p str,
    /// Whether its file could be read
    pub(in crate::hosts::bot) is_readable: bool,
    /// Its session variables of this package, each with whether it is an input
    pub(in crate::hosts::bot) variables: Vec<(&'p str, bool)>,
    /// Its nodes
    pub(in crate::hosts::bot) steps: Vec<FlowStep<'p>>,
}

/// One node
#[derive(Debug)]
pub(in crate::hosts::bot) struct FlowStep<'p> {
    /// Where it stands
    pub(in crate::hosts::bot) place: &'p Location,
    /// What it does
    pub(in crate::hosts::bot) does: Does<'p>,
}

/// What a node does
#[derive(Debug)]
pub(in crate::hosts::bot) enum Does<'p> {
    /// Nothing that could fail
    Nothing,
    /// Something that may fail, without a session
    Work,
    /// What a node does that could not be read: sessions are not followed beyond it
    Unreadable,
    /// Opens a session
    Connect { target: FlowTarget<'p>, if_exists: IfExists, access: Rc<Access> },
    /// Names a session
    Use { session: WantedSession<'p>, how: SessionUse },
    /// Nodes in order
    Block(Vec<FlowStep<'p>>),
    /// One of the branches; none of them, unless the last one is for all other cases
    Choice { branches: Vec<Vec<FlowStep<'p>>>, is_exhaustive: bool },
    /// The same nodes again and again
    Loop { rounds: Rounds, body: Vec<FlowStep<'p>> },
    /// Out of the loop
    Break,
    /// To the loop's next round
    Continue,
    /// To the end of the bot
    Stop,
    /// An error of the flow's own
    Throw,
    /// Nodes, what is done about their error, and what is done in any case
    Try { body: Vec<FlowStep<'p>>, catch: Option<Vec<FlowStep<'p>>>, finally: Vec<FlowStep<'p>> },
    /// A child bot
    Run(RunChild<'p>),
}

/// A node that runs a child bot
#[derive(Debug)]
pub(in crate::hosts::bot) struct RunChild<'p> {
    /// The child's number
    pub(in crate::hosts::bot) child: usize,
    /// Session variables of the child and what they are given
    pub(in crate::hosts::bot) inputs: Vec<(&'p str, Given<'p>)>,
    /// Session variables of the child and those of this bot that take their values
    pub(in crate::hosts::bot) outputs: Vec<(&'p str, &'p str)>,
    /// Whether the flow may go on when the child fails
    pub(in crate::hosts::bot) goes_on: bool,
}

/// Where a Connect puts its session
#[derive(Debug)]
pub(in crate::hosts::bot) enum FlowTarget<'p> {
    /// Under a name; none when only the run knows it
    Named { global: bool, name: Option<SessionName> },
    /// Into a variable
    Variable(&'p str),
}

/// What a Connect does when a session of that name is open
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::hosts::bot) enum IfExists {
    Fail,
    Reuse,
    Replace,
    /// Only the run knows
    Computed,
}

/// The session that an action names
#[derive(Debug)]
pub(in crate::hosts::bot) enum WantedSession<'p> {
    Name(SessionName),
    /// A name that only the run knows
    Computed,
    /// A handle that is written out, which belongs to another run
    Handle,
    Variable(&'p str),
}

/// What a child's session variable is given
#[derive(Debug)]
pub(in crate::hosts::bot) enum Given<'p> {
    /// The parent's variable itself
    Variable(&'p str),
    /// A name
    Name(SessionName),
    /// A name that only the run knows
    Computed,
}

/// How often a loop goes round
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::hosts::bot) struct Rounds {
    /// At least so often, unless it is left
    pub(in crate::hosts::bot) least: u64,
    /// At most so often
    pub(in crate::hosts::bot) most: Option<u64>,
}
