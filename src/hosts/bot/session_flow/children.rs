//! Follows a child bot with the sessions that its parent passes, and returns to the parent.

use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::follower::ChildEntry;
use crate::hosts::bot::session_flow::follower::FollowedBot;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::follower::PathContext;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::Point;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::state::join;
use crate::hosts::bot::session_flow::step::BotFlow;
use crate::hosts::bot::session_flow::step::ChildRun;
use crate::hosts::bot::session_flow::step::SessionInput;

impl<'c, 'p> Follower<'c, 'p> {
    /// Follows a child bot, once for each initial state
    pub(super) fn run(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        place: &'p Location,
        step: &'c ChildRun<'p>,
        mut state: Box<FlowState>,
        path: PathContext,
    ) -> Exits {
        let ChildRun { child, inputs, outputs, continues_on_error } = step;
        let (child, continues_on_error) = (*child, *continues_on_error);
        let flow = &self.bots[child];
        if !flow.is_readable {
            state.unreadable = true;
            return Exits::next(state);
        }
        let inside = PathContext {
            caught: path.caught || continues_on_error,
            watched: path.watched || continues_on_error,
            ..path
        };
        let (entry, shared) = entry(bot, flow, inputs, &state, inside);
        let cells = entry.cells.clone();
        let known = self.known.get(&(child, entry.clone())).cloned();
        let mut after = match known {
            Some(known) => known,
            None => {
                let inner = FollowedBot { number: child, flow, cells: cells.clone(), run_by: Some(place) };
                let after = self.block(&inner, &flow.steps, Some(Box::new(entry.state.clone())), inside);
                self.known.insert((child, entry), after.clone());
                after
            }
        };
        let mut ended = after.next.take();
        join(&mut ended, after.stops.take());
        let back = |point: Point| point.map(|inner| returned(&state, &inner, &shared));
        let mut exits = Exits { throws: back(after.throws), ..Exits::default() };
        exits.next = ended.map(|inner| {
            let mut outer = returned(&state, &inner, &shared);
            for (from, to) in outputs {
                let from = flow.variables.iter().position(|(name, _)| name == from).map(|at| cells[at]);
                if let (Some(from), Some(to)) = (from, bot.cell(to)) {
                    outer.copy(inner.cells[from].clone(), to);
                    // The shared variable may be the one that was copied.
                    if let Some(own) = shared.iter().position(|cell| *cell == from) {
                        let held = outer.cells[own].clone();
                        outer.copy(held, own);
                    }
                }
            }
            outer
        });
        if continues_on_error {
            join(&mut exits.next, exits.throws.clone());
        }
        exits
    }
}

/// Returns the entry of a child bot, and for each cell of the parent the cell of the child that is shared with it
fn entry(
    bot: &FollowedBot<'_, '_>,
    flow: &BotFlow<'_>,
    inputs: &[(&str, SessionInput<'_>)],
    state: &FlowState,
    path: PathContext,
) -> (ChildEntry, Vec<usize>) {
    let mut shared = vec![usize::MAX; state.cells.len()];
    let mut held = Vec::new();
    let mut cells = Vec::new();
    for (name, _) in &flow.variables {
        let given = inputs.iter().find(|(input, _)| input == name).map(|(_, given)| given);
        let own = match given {
            None => VariableContent::EMPTY,
            Some(SessionInput::Name(name)) => VariableContent::Name(name.clone()),
            Some(SessionInput::Computed) => VariableContent::Unknown,
            Some(SessionInput::Variable(variable)) => match bot.cell(variable) {
                None => VariableContent::Unknown,
                Some(cell) => {
                    if shared[cell] == usize::MAX {
                        shared[cell] = held.len();
                        held.push(state.cells[cell].clone());
                    }
                    cells.push(shared[cell]);
                    continue;
                }
            },
        };
        cells.push(held.len());
        held.push(own);
    }
    let state = FlowState {
        local: FlowNames::default(),
        global: state.global.clone(),
        cells: held,
        certain: state.certain,
        closed_copy: false,
        unreadable: state.unreadable,
    };
    (ChildEntry { state, cells, path }, shared)
}

/// Returns the state of the parent after its child
fn returned(before: &FlowState, inner: &FlowState, shared: &[usize]) -> Box<FlowState> {
    let mut state = Box::new(before.clone());
    state.global = inner.global.clone();
    state.unreadable |= inner.unreadable;
    if inner.closed_copy {
        state.maybe_close_copies(None);
        state.closed_copy = true;
    }
    for (cell, child) in shared.iter().enumerate().filter(|(_, child)| **child != usize::MAX) {
        state.cells[cell] = inner.cells[*child].clone();
    }
    state
}
