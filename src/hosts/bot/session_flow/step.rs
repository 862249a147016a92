//! A flow as a tree of steps: which sessions are opened, used and closed, and where the flow continues.

use std::rc::Rc;

use crate::contract::SessionName;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::names::Access;
use crate::package::SessionUse;

/// A bot
#[derive(Debug)]
pub(in crate::hosts::bot) struct BotFlow<'p> {
    /// The name of the bot
    pub(in crate::hosts::bot) name: &'p str,
    /// Whether its file could be read
    pub(in crate::hosts::bot) is_readable: bool,
    /// The session variables of this package, each with whether it is an input
    pub(in crate::hosts::bot) variables: Vec<(&'p str, bool)>,
    /// The nodes of the bot
    pub(in crate::hosts::bot) steps: Vec<FlowStep<'p>>,
}

/// One node
#[derive(Debug)]
pub(in crate::hosts::bot) struct FlowStep<'p> {
    /// The location in the flow
    pub(in crate::hosts::bot) place: &'p Location,
    /// What the node does
    pub(in crate::hosts::bot) effect: SessionEffect<'p>,
}

/// What a node does
#[derive(Debug)]
pub(in crate::hosts::bot) enum SessionEffect<'p> {
    /// Nothing, without possible errors
    Nothing,
    /// Work that may fail and uses no session
    Work,
    /// Unknown, since the node could not be read: sessions are not checked after it
    Unreadable,
    /// Opens a session
    Connect { target: FlowTarget<'p>, if_exists: IfExists, access: Rc<Access> },
    /// Uses a session
    Use { session: WantedSession<'p>, how: SessionUse },
    /// Nodes in order
    Block(Vec<FlowStep<'p>>),
    /// Runs one of the branches, or none of them unless `is_exhaustive`
    Choice { branches: Vec<Vec<FlowStep<'p>>>, is_exhaustive: bool },
    /// Repeats nodes
    Loop { iterations: Iterations, body: Vec<FlowStep<'p>> },
    /// Leaves the innermost loop, or the one that is this many loops further out
    Break(u8),
    /// Continues with the next iteration of a loop, which is named in the same way
    Continue(u8),
    /// Ends the bot
    Stop,
    /// Fails with an error of the flow
    Throw,
    /// Runs nodes, with catches for their errors and a finally for every case
    Try { body: Vec<FlowStep<'p>>, catches: Vec<FlowCatch<'p>>, finally: Vec<FlowStep<'p>> },
    /// Runs a child bot
    Run(ChildRun<'p>),
}

/// A catch of a try
#[derive(Debug)]
pub(in crate::hosts::bot) struct FlowCatch<'p> {
    /// Whether it catches every error; otherwise, only some that the flow throws itself
    pub(in crate::hosts::bot) catches_all: bool,
    /// Whether the flow continues after the try if the catch fails
    pub(in crate::hosts::bot) continues_on_error: bool,
    /// The nodes of the catch
    pub(in crate::hosts::bot) steps: Vec<FlowStep<'p>>,
}

/// A node that runs a child bot
#[derive(Debug)]
pub(in crate::hosts::bot) struct ChildRun<'p> {
    /// The number of the child bot
    pub(in crate::hosts::bot) child: usize,
    /// Session variables of the child and the values that they are set to
    pub(in crate::hosts::bot) inputs: Vec<(&'p str, SessionInput<'p>)>,
    /// Session variables of the child and the variables of this bot that they are assigned to
    pub(in crate::hosts::bot) outputs: Vec<(&'p str, &'p str)>,
    /// Whether the flow may continue when the child fails
    pub(in crate::hosts::bot) continues_on_error: bool,
}

/// Where a Connect puts its session
#[derive(Debug)]
pub(in crate::hosts::bot) enum FlowTarget<'p> {
    /// As a named session; `None` if the name is computed
    Named { global: bool, name: Option<SessionName> },
    /// In a variable
    Variable(&'p str),
}

/// What a Connect does if a session with its name is open
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::hosts::bot) enum IfExists {
    Fail,
    Reuse,
    Replace,
    /// Known only at run time
    Computed,
}

/// The session that an action uses
#[derive(Debug)]
pub(in crate::hosts::bot) enum WantedSession<'p> {
    Name(SessionName),
    /// A computed name
    Computed,
    /// A constant handle, which belongs to another run
    Handle,
    Variable(&'p str),
}

/// The value of a session variable of a child
#[derive(Debug)]
pub(in crate::hosts::bot) enum SessionInput<'p> {
    /// A variable of the parent
    Variable(&'p str),
    /// A name
    Name(SessionName),
    /// A computed name
    Computed,
}

/// The number of iterations of a loop
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::hosts::bot) struct Iterations {
    /// The minimum, unless the loop is left
    pub(in crate::hosts::bot) least: u64,
    /// The maximum
    pub(in crate::hosts::bot) most: Option<u64>,
}
