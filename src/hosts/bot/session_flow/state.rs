//! The possible states of the sessions of a run tree at one point of a flow, as one bot sees them.

use crate::contract::SessionName;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::names::Status;

/// The possible content of a session variable
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum VariableContent {
    /// Nothing, or a session without a name
    Session {
        status: Status,
        /// Whether another variable may hold the same session
        copied: bool,
    },
    /// The name of a session
    Name(SessionName),
    /// Known only at run time
    Unknown,
}

impl VariableContent {
    /// The initial content of a variable
    pub(super) const EMPTY: VariableContent =
        VariableContent::Session { status: Status::NEVER, copied: false };

    fn join(&mut self, other: VariableContent) {
        *self = match (std::mem::replace(self, VariableContent::Unknown), other) {
            (
                VariableContent::Session { status, copied },
                VariableContent::Session { status: other, copied: other_copied },
            ) => VariableContent::Session { status: status.or(other), copied: copied || other_copied },
            (one, other) if one == other => one,
            _ => VariableContent::Unknown,
        };
    }

    /// The content after a Disconnect that may have closed the session in this variable
    fn maybe_close(&mut self) {
        if let VariableContent::Session { status, .. } = self {
            *status = status.maybe_closed();
        }
    }

    const fn is_copied(&self) -> bool {
        matches!(self, VariableContent::Session { copied: true, .. } | VariableContent::Unknown)
    }
}

/// The possible states of all sessions at one point of a flow
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FlowState {
    /// The local names of the bot
    pub(super) local: FlowNames,
    /// The global names of the run tree
    pub(super) global: FlowNames,
    /// The cells of the session variables; shared variables have one cell
    pub(super) cells: Vec<VariableContent>,
    /// Whether the flow always reaches this point from the start of the branch or bot around it, if no action fails
    pub(super) certain: bool,
    /// Whether a session was closed that variables of other bots may hold as well
    pub(super) closed_copy: bool,
    /// Whether an earlier node could not be read, so that nothing is known
    pub(super) unreadable: bool,
}

impl FlowState {
    /// Joins the states of two paths that meet
    fn join(&mut self, other: FlowState) {
        self.local.join(other.local);
        self.global.join(other.global);
        self.cells.iter_mut().zip(other.cells).for_each(|(one, other)| one.join(other));
        self.certain &= other.certain;
        self.closed_copy |= other.closed_copy;
        self.unreadable |= other.unreadable;
    }

    /// Returns the number of names and variables
    pub(super) fn size(&self) -> usize {
        self.local.len() + self.global.len() + self.cells.len()
    }

    /// Returns the possible states of the session with a name: an open local session takes precedence
    pub(super) fn status(&self, name: &SessionName) -> Status {
        self.local.status(name).before(self.global.status(name))
    }

    /// Records that an action succeeded with the session of a name, which is therefore open
    pub(super) fn found(&mut self, name: &SessionName) {
        match (self.local.status(name).may_be(Status::OPEN), self.global.status(name).may_be(Status::OPEN)) {
            (true, false) => self.local.set(name, Status::OPEN),
            (false, true) => self.global.set(name, Status::OPEN),
            _ => {}
        }
    }

    /// Records that a Disconnect closed the session of a name
    pub(super) fn close(&mut self, name: &SessionName) {
        let local = self.local.status(name);
        self.local.set(name, local.closed());
        if !local.is_open() {
            let global = self.global.status(name);
            // If the local session was not open, the global one was closed.
            let closed = if local.may_be(Status::OPEN) { global.maybe_closed() } else { global.closed() };
            self.global.set(name, closed);
        }
    }

    /// Records that a Disconnect closed a session with a computed name
    pub(super) fn maybe_close_any_name(&mut self) {
        self.local.maybe_close_any();
        self.global.maybe_close_any();
    }

    /// Records that a Disconnect closed the session in a variable
    pub(super) fn close_cell(&mut self, cell: usize) {
        let copied = self.cells[cell].is_copied();
        if let VariableContent::Session { status, .. } = &mut self.cells[cell] {
            *status = status.closed();
        }
        if copied {
            self.maybe_close_copies(Some(cell));
            self.closed_copy = true;
        }
    }

    /// Records that a session was closed that copies in other variables may hold as well
    pub(super) fn maybe_close_copies(&mut self, but: Option<usize>) {
        let copies =
            self.cells.iter_mut().enumerate().filter(|(at, held)| Some(*at) != but && held.is_copied());
        copies.for_each(|(_, held)| held.maybe_close());
    }

    /// Copies the content of a variable to another one, so that both hold the same session
    pub(super) fn copy(&mut self, mut held: VariableContent, to: usize) {
        if let VariableContent::Session { copied, .. } = &mut held {
            *copied = true;
        }
        self.cells[to] = held;
    }
}

/// The state at a point of the flow; `None` if the flow never reaches it
pub(super) type Point = Option<Box<FlowState>>;

/// The exits of a block of nodes, each with its state
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Exits {
    /// At the next node
    pub(super) next: Point,
    /// After the loops around, the innermost first
    pub(super) breaks: Vec<Point>,
    /// At the next iteration of the loops around, the innermost first
    pub(super) continues: Vec<Point>,
    pub(super) stops: Point,
    /// By an error
    pub(super) throws: Point,
}

impl Exits {
    /// Creates exits that only continue at the next node
    pub(super) fn next(state: Box<FlowState>) -> Self {
        Exits { next: Some(state), ..Exits::default() }
    }

    /// Joins all exits of another block except the one to the next node
    pub(super) fn take_detours(&mut self, other: Exits) {
        join_each(&mut self.breaks, other.breaks);
        join_each(&mut self.continues, other.continues);
        join(&mut self.stops, other.stops);
        join(&mut self.throws, other.throws);
    }

    /// Returns whether the block may be left by a break, a continue or a stop
    pub(super) fn may_leave(&self) -> bool {
        self.breaks.iter().chain(&self.continues).any(Option::is_some) || self.stops.is_some()
    }

    /// Makes exits certain only if the state before the branch was certain
    pub(super) fn limit_certainty(&mut self, before: bool) {
        let of_loops = self.breaks.iter_mut().chain(&mut self.continues);
        let all = of_loops.chain([&mut self.stops, &mut self.throws]);
        all.flatten().for_each(|state| state.certain &= before);
    }
}

/// Returns the exit of one of the loops around
pub(super) fn of_loop(exits: &mut Vec<Point>, outer: usize) -> &mut Point {
    if exits.len() <= outer {
        exits.resize(outer + 1, None);
    }
    &mut exits[outer]
}

/// Takes the exit of the innermost loop out; those of the loops around it move by one
pub(super) fn take_innermost(exits: &mut Vec<Point>) -> Point {
    if exits.is_empty() { None } else { exits.remove(0) }
}

fn join_each(exits: &mut Vec<Point>, others: Vec<Point>) {
    for (outer, other) in others.into_iter().enumerate() {
        join(of_loop(exits, outer), other);
    }
}

/// Joins the states of two paths that meet
pub(super) fn join(one: &mut Point, other: Point) {
    match (one.as_mut(), other) {
        (_, None) => {}
        (Some(one), Some(other)) => one.join(*other),
        (None, other) => *one = other,
    }
}
