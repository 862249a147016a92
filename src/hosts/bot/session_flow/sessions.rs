//! The effects of Connect, Disconnect and other actions on sessions, by the rules of `sessions`.

use std::rc::Rc;

use crate::contract::Error;
use crate::contract::SessionName;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::follower::NodeContext;
use crate::hosts::bot::session_flow::names::Access;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::names::Status;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::step::FlowTarget;
use crate::hosts::bot::session_flow::step::IfExists;
use crate::hosts::bot::session_flow::step::WantedSession;
use crate::package::SessionUse;

impl<'p> Follower<'_, 'p> {
    /// Follows a Connect
    pub(super) fn connect(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        target: &FlowTarget<'p>,
        if_exists: IfExists,
        access: &Rc<Access>,
        state: &mut FlowState,
    ) {
        match target {
            FlowTarget::Variable(variable) => {
                if let Some(cell) = at.bot.cell(variable) {
                    state.cells[cell] = VariableContent::Session { status: Status::OPEN, copied: false };
                }
            }
            FlowTarget::Named { global, name: None } => {
                if names(state, *global).any_open()
                    && matches!(if_exists, IfExists::Fail | IfExists::Computed)
                {
                    let context = self.context(at.bot, at.place);
                    self.fails(at, true, state, || context.computed_name_in_use());
                }
                names(state, *global).open_any();
            }
            FlowTarget::Named { global, name: Some(name) } => {
                self.connect_as(at, (*global, name), if_exists, access, state);
                names(state, *global).open_as(name, access, if_exists == IfExists::Reuse);
            }
        }
    }

    /// Checks whether the name of a Connect may be in use
    fn connect_as(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        (global, name): (bool, &SessionName),
        if_exists: IfExists,
        access: &Access,
        state: &mut FlowState,
    ) {
        let context = self.context(at.bot, at.place);
        let own = names(state, global);
        let status = own.status(name);
        let differs = own.access(name).is_some_and(|own| own.differs(access));
        let is_taken = status.may_be(Status::OPEN);
        match if_exists {
            IfExists::Fail | IfExists::Computed if is_taken => {
                let may_work = if_exists == IfExists::Computed || !status.is_open();
                self.fails(at, may_work, state, || context.name_in_use(global, name, may_work));
            }
            IfExists::Reuse if is_taken && differs => {
                let may_work = !status.is_open();
                self.fails(at, may_work, state, || context.other_access(global, name, may_work));
            }
            _ => self.works(at, state),
        }
    }

    /// Follows an action that uses a session
    pub(super) fn use_session(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        session: &WantedSession<'p>,
        how: SessionUse,
        state: &mut FlowState,
    ) {
        match session {
            WantedSession::Name(name) => self.use_name(at, name, how, state),
            WantedSession::Computed => self.use_computed(at, how, state),
            WantedSession::Handle if how == SessionUse::Asks => {}
            WantedSession::Handle => {
                let context = self.context(at.bot, at.place);
                self.fails(at, false, state, || context.foreign_handle());
            }
            WantedSession::Variable(variable) => match at.bot.cell(variable) {
                Some(cell) => match state.cells[cell].clone() {
                    VariableContent::Name(name) => self.use_name(at, &name, how, state),
                    VariableContent::Session { status, .. } => {
                        self.use_variable(at, (variable, cell), status, how, state)
                    }
                    VariableContent::Unknown => {
                        self.use_unknown(at, variable, state);
                        if how == SessionUse::Closes {
                            state.maybe_close_any_name();
                            state.close_cell(cell);
                        }
                    }
                },
                None => state.unreadable = true,
            },
        }
    }

    fn use_name(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        name: &SessionName,
        how: SessionUse,
        state: &mut FlowState,
    ) {
        if how == SessionUse::Asks {
            return;
        }
        let context = self.context(at.bot, at.place);
        let status = state.status(name);
        if status.is_open() {
            self.works(at, state);
        } else if status.may_be(Status::OPEN) {
            self.fails(at, true, state, || context.may_not_be_open(name));
        } else {
            let before = state.clone();
            self.fails(at, false, state, || context.not_open(name, &before));
        }
        // The next node runs only if this one succeeded.
        match how {
            SessionUse::Closes => state.close(name),
            SessionUse::Works | SessionUse::Asks => state.found(name),
        }
    }

    fn use_computed(&mut self, at: NodeContext<'_, '_, 'p>, how: SessionUse, state: &mut FlowState) {
        if how == SessionUse::Asks {
            return;
        }
        let context = self.context(at.bot, at.place);
        self.fails(at, true, state, || context.computed());
        if how == SessionUse::Closes {
            state.maybe_close_any_name();
        }
    }

    fn use_variable(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        (variable, cell): (&'p str, usize),
        status: Status,
        how: SessionUse,
        state: &mut FlowState,
    ) {
        let context = self.context(at.bot, at.place);
        // A check of a session succeeds for a closed session, but not for a variable without a session.
        let works = match how {
            SessionUse::Asks => Status::OPEN.or(Status::CLOSED),
            SessionUse::Works | SessionUse::Closes => Status::OPEN,
        };
        if status.is_only(works) {
            self.works(at, state);
        } else if status.may_be(works) {
            self.fails(at, true, state, || context.variable_may_not_be_open(variable));
        } else {
            let before = state.clone();
            let is_input =
                at.bot.flow.variables.iter().any(|(name, is_input)| *name == variable && *is_input);
            self.fails(at, false, state, || {
                context.variable_not_open(variable, status, at.bot.held(&before), is_input)
            });
        }
        match how {
            SessionUse::Closes => state.close_cell(cell),
            SessionUse::Works if status.may_be(Status::OPEN) => {
                if let VariableContent::Session { status, .. } = &mut state.cells[cell] {
                    *status = Status::OPEN;
                }
            }
            SessionUse::Works | SessionUse::Asks => {}
        }
    }

    fn use_unknown(&mut self, at: NodeContext<'_, '_, 'p>, variable: &str, state: &FlowState) {
        let context = self.context(at.bot, at.place);
        self.fails(at, true, state, || context.variable_may_not_be_open(variable));
    }

    fn works(&mut self, at: NodeContext<'_, '_, 'p>, state: &FlowState) {
        if !state.unreadable {
            self.findings.works(at.bot.number, at.place);
        }
    }

    fn fails(
        &mut self,
        at: NodeContext<'_, '_, 'p>,
        may_work: bool,
        state: &FlowState,
        error: impl FnOnce() -> Error,
    ) {
        if !state.unreadable {
            let visit = Self::visit(may_work, state, at.path);
            self.findings.fails(at.bot.number, at.place, visit, error);
        }
    }
}

/// Returns the names of a scope
fn names(state: &mut FlowState, global: bool) -> &mut FlowNames {
    if global { &mut state.global } else { &mut state.local }
}
