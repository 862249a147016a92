//! What may be true of a run tree's sessions at one point of a flow, seen from one bot.

use crate::contract::SessionName;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::names::Status;

/// What a session variable may hold
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum VariableContent {
    /// Nothing, or a session of its own
    Session {
        status: Status,
        /// Whether another variable may hold the same session
        copied: bool,
    },
    /// The name of a session
    Name(SessionName),
    /// Only the run knows
    Unknown,
}

impl VariableContent {
    /// A variable before anything is put into it
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

    /// After a Disconnect that may have meant the session in this variable
    fn maybe_close(&mut self) {
        if let VariableContent::Session { status, .. } = self {
            *status = status.maybe_closed();
        }
    }

    const fn is_copied(&self) -> bool {
        matches!(self, VariableContent::Session { copied: true, .. } | VariableContent::Unknown)
    }
}

/// What may be true at one point of a flow
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FlowState {
    /// The bot's own names
    pub(super) local: FlowNames,
    /// The run tree's names
    pub(super) global: FlowNames,
    /// The bot's session variables; those that are one and the same stand here once
    pub(super) cells: Vec<VariableContent>,
    /// Whether the flow comes here whenever it comes to the branch around it, or to the bot, and no action fails
    pub(super) certain: bool,
    /// Whether a session was closed that variables of other bots may hold too
    pub(super) closed_copy: bool,
    /// Whether a node before could not be read, so that nothing can be said
    pub(super) unreadable: bool,
}

impl FlowState {
    /// What is true where two ways meet
    fn join(&mut self, other: FlowState) {
        self.local.join(other.local);
        self.global.join(other.global);
        self.cells.iter_mut().zip(other.cells).for_each(|(one, other)| one.join(other));
        self.certain &= other.certain;
        self.closed_copy |= other.closed_copy;
        self.unreadable |= other.unreadable;
    }

    /// How many names and variables there are
    pub(super) fn size(&self) -> usize {
        self.local.len() + self.global.len() + self.cells.len()
    }

    /// What may have become of the session that a name stands for: local names come first, as long as they are open
    pub(super) fn status(&self, name: &SessionName) -> Status {
        self.local.status(name).before(self.global.status(name))
    }

    /// An action has worked through the session of a name: it is open
    pub(super) fn found(&mut self, name: &SessionName) {
        match (self.local.status(name).may_be(Status::OPEN), self.global.status(name).may_be(Status::OPEN)) {
            (true, false) => self.local.set(name, Status::OPEN),
            (false, true) => self.global.set(name, Status::OPEN),
            _ => {}
        }
    }

    /// A Disconnect has closed the session of a name
    pub(super) fn close(&mut self, name: &SessionName) {
        let local = self.local.status(name);
        self.local.set(name, local.closed());
        if !local.is_open() {
            let global = self.global.status(name);
            // The global one was meant if the local one was not open.
            let closed = if local.may_be(Status::OPEN) { global.maybe_closed() } else { global.closed() };
            self.global.set(name, closed);
        }
    }

    /// A Disconnect has closed a session under a name that only the run knows
    pub(super) fn maybe_close_any_name(&mut self) {
        self.local.maybe_close_any();
        self.global.maybe_close_any();
    }

    /// A Disconnect has closed the session in a variable
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

    /// Another bot has closed a session that these variables may hold too
    pub(super) fn maybe_close_copies(&mut self, but: Option<usize>) {
        let copies =
            self.cells.iter_mut().enumerate().filter(|(at, held)| Some(*at) != but && held.is_copied());
        copies.for_each(|(_, held)| held.maybe_close());
    }

    /// A variable has taken the value of another, whose session both hold now
    pub(super) fn copy(&mut self, mut held: VariableContent, to: usize) {
        if let VariableContent::Session { copied, .. } = &mut held {
            *copied = true;
        }
        self.cells[to] = held;
    }
}

/// A state, or none where the flow never comes
pub(super) type Point = Option<Box<FlowState>>;

/// Where the flow leaves nodes, and with which state
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Exits {
    /// To the next node
    pub(super) next: Point,
    pub(super) breaks: Point,
    pub(super) continues: Point,
    pub(super) stops: Point,
    /// By an error
    pub(super) throws: Point,
}

impl Exits {
    /// To the next node alone
    pub(super) fn next(state: Box<FlowState>) -> Self {
        Exits { next: Some(state), ..Exits::default() }
    }

    /// Takes over every way but the one to the next node
    pub(super) fn take_detours(&mut self, other: Exits) {
        join(&mut self.breaks, other.breaks);
        join(&mut self.continues, other.continues);
        join(&mut self.stops, other.stops);
        join(&mut self.throws, other.throws);
    }

    /// Whether the flow may leave other than to the next node or by an error
    pub(super) fn may_leave(&self) -> bool {
        self.breaks.is_some() || self.continues.is_some() || self.stops.is_some()
    }

    /// What is true of all ways that lead out of a branch is true only as far as it was true before the branch
    pub(super) fn limit_certainty(&mut self, before: bool) {
        let all = [&mut self.breaks, &mut self.continues, &mut self.stops, &mut self.throws];
        all.into_iter().flatten().for_each(|state| state.certain &= before);
    }
}

/// What is true where two ways meet
pub(super) fn join(one: &mut Point, other: Point) {
    match (one.as_mut(), other) {
        (_, None) => {}
        (Some(one), Some(other)) => one.join(*other),
        (None, other) => *one = other,
    }
}
