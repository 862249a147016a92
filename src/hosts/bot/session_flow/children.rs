//! Follows a child bot with the sessions that its parent passes, and returns to the parent.

use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::follower::ChildEntry;
use crate::hosts::bot::session_flow::follower::FollowedBot;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::follower::Way;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::Point;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::state::join;
use crate::hosts::bot::session_flow::step::BotFlow;
use crate::hosts::bot::session_flow::step::Given;
use crate::hosts::bot::session_flow::step::RunChild;

impl<'c, 'p> Follower<'c, 'p> {
    /// Follows a child bot, once for each initial state
    pub(super) fn run(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        place: &'p Location,
        step: &'c RunChild<'p>,
        mut state: Box<FlowState>,
        way: Way,
    ) -> Exits {
        let RunChild { child, inputs, outputs, goes_on } = step;
        let (child, goes_on) = (*child, *goes_on);
        let flow = &self.bots[child];
        if !flow.is_readable {
            state.unreadable = true;
            return Exits::next(state);
        }
        let inside = Way { caught: way.caught || goes_on, watched: way.watched || goes_on, ..way };
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
        if goes_on {
            join(&mut exits.next, exits.throws.clone());
        }
        exits
    }
}

/// Returns the entry of a child bot, and for each cell of the parent the cell of the child that is shared with it
fn entry(
    bot: &FollowedBot<'_, '_>,
    flow: &BotFlow<'_>,
    inputs: &[(&str, Given<'_>)],
    state: &FlowState,
    way: Way,
) -> (ChildEntry, Vec<usize>) {
    let mut shared = vec![usize::MAX; state.cells.len()];
    let mut held = Vec::new();
    let mut cells = Vec::new();
    for (name, _) in &flow.variables {
        let given = inputs.iter().find(|(input, _)| input == name).map(|(_, given)| given);
        let own = match given {
            None => VariableContent::EMPTY,
            Some(Given::Name(name)) => VariableContent::Name(name.clone()),
            Some(Given::Computed) => VariableContent::Unknown,
            Some(Given::Variable(variable)) => match bot.cell(variable) {
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
    (ChildEntry { state, cells, way }, shared)
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
