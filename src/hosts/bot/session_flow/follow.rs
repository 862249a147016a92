//! Follows sessions through the nodes of a flow: an abstract interpretation over the possible states of each session.

use crate::hosts::bot::session_flow::follower::FollowedBot;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::follower::NodeContext;
use crate::hosts::bot::session_flow::follower::PathContext;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::Point;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::state::join;
use crate::hosts::bot::session_flow::step::FlowCatch;
use crate::hosts::bot::session_flow::step::FlowStep;
use crate::hosts::bot::session_flow::step::Iterations;
use crate::hosts::bot::session_flow::step::SessionEffect;

/// The number of names and variables that doubles the work of a node
const NAMES_AS_A_NODE: usize = 16;

/// The number of iterations of a loop that are followed separately
const SEPARATE_ITERATIONS: u64 = 2;

/// The path to the first node of the root
const START: PathContext = PathContext { conditional: false, caught: false, watched: false };

impl<'c, 'p> Follower<'c, 'p> {
    /// Follows the root, whose session variables have these initial contents
    pub(super) fn root(&mut self, held: Vec<VariableContent>) {
        let cells = (0..held.len()).collect();
        let state = FlowState {
            local: FlowNames::default(),
            global: FlowNames::default(),
            cells: held,
            certain: true,
            closed_copy: false,
            unreadable: false,
        };
        let bot = FollowedBot { number: 0, flow: &self.bots[0], cells, run_by: None };
        self.block(&bot, &bot.flow.steps, Some(Box::new(state)), START);
    }

    pub(super) fn block(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        steps: &'c [FlowStep<'p>],
        from: Point,
        path: PathContext,
    ) -> Exits {
        let mut exits = Exits { next: from, ..Exits::default() };
        for step in steps {
            let Some(state) = exits.next.take() else { break };
            self.work += 1 + state.size() / NAMES_AS_A_NODE;
            if self.gave_up() {
                break;
            }
            if path.watched && !matches!(step.effect, SessionEffect::Nothing) {
                join(&mut exits.throws, Some(state.clone()));
            }
            let mut after = self.step(bot, step, state, path);
            exits.next = after.next.take();
            exits.take_detours(after);
        }
        exits
    }

    fn step(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        step: &'c FlowStep<'p>,
        mut state: Box<FlowState>,
        path: PathContext,
    ) -> Exits {
        match &step.effect {
            SessionEffect::Nothing | SessionEffect::Work => Exits::next(state),
            SessionEffect::Unreadable => {
                state.unreadable = true;
                Exits::next(state)
            }
            SessionEffect::Connect { target, if_exists, access } => {
                self.connect(
                    NodeContext { bot, place: step.place, path },
                    target,
                    *if_exists,
                    access,
                    &mut state,
                );
                Exits::next(state)
            }
            SessionEffect::Use { session, how } => {
                self.use_session(NodeContext { bot, place: step.place, path }, session, *how, &mut state);
                Exits::next(state)
            }
            SessionEffect::Block(steps) => self.block(bot, steps, Some(state), path),
            SessionEffect::Choice { branches, is_exhaustive } => {
                self.choice(bot, branches, *is_exhaustive, state, path)
            }
            SessionEffect::Loop { iterations, body } => self.iterations(bot, *iterations, body, state, path),
            SessionEffect::Break => Exits { breaks: Some(state), ..Exits::default() },
            SessionEffect::Continue => Exits { continues: Some(state), ..Exits::default() },
            SessionEffect::Stop => Exits { stops: Some(state), ..Exits::default() },
            // The state at the error was recorded before this step.
            SessionEffect::Throw => Exits::default(),
            SessionEffect::Try { body, catches, finally } => {
                self.try_block(bot, body, catches, finally, state, path)
            }
            SessionEffect::Run(run) => self.run(bot, step.place, run, state, path),
        }
    }

    fn choice(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        branches: &'c [Vec<FlowStep<'p>>],
        is_exhaustive: bool,
        state: Box<FlowState>,
        path: PathContext,
    ) -> Exits {
        let mut exits = Exits::default();
        let mut certain = state.certain;
        let inside = PathContext { conditional: true, ..path };
        for branch in branches {
            let mut start = state.clone();
            start.certain = true;
            let mut after = self.block(bot, branch, Some(start), inside);
            let next = after.next.take();
            certain &= next.as_ref().is_some_and(|next| next.certain) && !after.may_leave();
            join(&mut exits.next, next);
            exits.take_detours(after);
        }
        exits.limit_certainty(state.certain);
        if !is_exhaustive {
            join(&mut exits.next, Some(state));
        }
        if let Some(next) = &mut exits.next {
            next.certain = certain;
        }
        exits
    }

    fn iterations(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        iterations: Iterations,
        body: &'c [FlowStep<'p>],
        state: Box<FlowState>,
        path: PathContext,
    ) -> Exits {
        let mut exits_of_loop = LoopExits::default();
        let mut at = Some(state);
        let mut iteration = 0;
        // The first iterations are followed separately, since the first one often differs from the others.
        while iteration < SEPARATE_ITERATIONS
            && iterations.most.is_none_or(|most| iteration < most)
            && at.is_some()
        {
            let mut inside = path;
            if iteration >= iterations.least {
                join(&mut exits_of_loop.out, at.clone());
                inside.conditional = true;
            }
            at = self.iteration(bot, body, at, inside, &mut exits_of_loop);
            iteration += 1;
        }
        if iterations.most.is_none_or(|most| iteration < most) {
            // For all further iterations, the states are joined until they no longer change.
            let inside = PathContext { conditional: true, ..path };
            while let Some(before) = at.clone().filter(|_| !self.gave_up()) {
                let after = self.iteration(bot, body, at.clone(), inside, &mut exits_of_loop);
                join(&mut at, after);
                if at.as_ref() == Some(&before) {
                    break;
                }
            }
        }
        let LoopExits { mut exits, mut out } = exits_of_loop;
        join(&mut out, at);
        if let Some(out) = &mut out {
            out.certain &= exits.stops.is_none();
        }
        exits.next = out;
        exits
    }

    /// Follows one iteration of a loop, and returns the state before the next one
    fn iteration(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        body: &'c [FlowStep<'p>],
        from: Point,
        path: PathContext,
        exits_of_loop: &mut LoopExits,
    ) -> Point {
        let mut after = self.block(bot, body, from, path);
        let mut next = after.next.take();
        let leaves = after.breaks.is_some() || after.stops.is_some();
        join(&mut exits_of_loop.out, after.breaks.take());
        join(&mut next, after.continues.take());
        if let Some(next) = &mut next {
            next.certain &= !leaves;
        }
        exits_of_loop.exits.take_detours(after);
        next
    }

    fn try_block(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        body: &'c [FlowStep<'p>],
        catches: &'c [FlowCatch<'p>],
        finally: &'c [FlowStep<'p>],
        state: Box<FlowState>,
        path: PathContext,
    ) -> Exits {
        // An error about a session is caught only by a catch for every error, and by the first of these.
        let last = catches.iter().position(|catch| catch.catches_all);
        let used = &catches[..last.map_or(catches.len(), |last| last + 1)];
        let inside = PathContext { caught: path.caught || last.is_some(), watched: true, ..path };
        let mut exits = self.block(bot, body, Some(state), inside);
        let mut from = if used.is_empty() { None } else { exits.throws.take() };
        if last.is_none() && !used.is_empty() {
            // Errors that none of the catches fits leave the try.
            exits.throws.clone_from(&from);
        }
        if let Some(from) = &mut from {
            from.certain = true;
        }
        for catch in used {
            let outside = PathContext {
                conditional: true,
                watched: path.watched || !finally.is_empty() || catch.continues_on_error,
                caught: path.caught || catch.continues_on_error,
            };
            let mut caught = self.block(bot, &catch.steps, from.clone(), outside);
            if catch.continues_on_error {
                let throws = caught.throws.take();
                join(&mut caught.next, throws);
            }
            let next = caught.next.take();
            let continues_on_error = next.as_ref().is_some_and(|next| next.certain) && !caught.may_leave();
            join(&mut exits.next, next);
            if let Some(next) = &mut exits.next {
                next.certain &= continues_on_error;
            }
            caught.limit_certainty(false);
            exits.take_detours(caught);
        }
        if finally.is_empty() { exits } else { self.finally(bot, finally, exits, path) }
    }

    /// Follows a finally on each exit of the try; an exit of the finally itself takes precedence
    fn finally(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        steps: &'c [FlowStep<'p>],
        exits: Exits,
        path: PathContext,
    ) -> Exits {
        let mut all = Exits::default();
        let Exits { next, breaks, continues, stops, throws } = exits;
        let conditional = PathContext { conditional: true, ..path };
        let exits_in_order: [(Point, PathContext, Exit); 5] = [
            (next, path, |exits| &mut exits.next),
            (breaks, conditional, |exits| &mut exits.breaks),
            (continues, conditional, |exits| &mut exits.continues),
            (stops, conditional, |exits| &mut exits.stops),
            (throws, conditional, |exits| &mut exits.throws),
        ];
        for (from, path, out) in exits_in_order.into_iter().filter(|(from, ..)| from.is_some()) {
            let mut after = self.block(bot, steps, from, path);
            let next = after.next.take();
            all.take_detours(after);
            join(out(&mut all), next);
        }
        all
    }
}

/// Selects one of the exits
type Exit = fn(&mut Exits) -> &mut Point;

/// The exits of all iterations of a loop
#[derive(Default)]
struct LoopExits {
    exits: Exits,
    /// The state after the loop
    out: Point,
}
