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
use crate::hosts::bot::session_flow::state::of_loop;
use crate::hosts::bot::session_flow::state::take_innermost;
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
            SessionEffect::Break(outer) => leaving(*outer, state, |exits| &mut exits.breaks),
            SessionEffect::Continue(outer) => leaving(*outer, state, |exits| &mut exits.continues),
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
            out.certain &= !exits.may_leave();
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
        let own_continue = take_innermost(&mut after.continues);
        let leaves = after.may_leave();
        join(&mut exits_of_loop.out, take_innermost(&mut after.breaks));
        join(&mut next, own_continue);
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
        let of_loops = |points: Vec<Point>, out: Exit| {
            points.into_iter().enumerate().map(move |(outer, from)| (from, conditional, outer, out))
        };
        let next = (next, path, 0, (|exits, _| &mut exits.next) as Exit);
        let last: [(Point, PathContext, usize, Exit); 2] = [
            (stops, conditional, 0, |exits, _| &mut exits.stops),
            (throws, conditional, 0, |exits, _| &mut exits.throws),
        ];
        let exits_in_order = std::iter::once(next)
            .chain(of_loops(breaks, |exits, outer| of_loop(&mut exits.breaks, outer)))
            .chain(of_loops(continues, |exits, outer| of_loop(&mut exits.continues, outer)))
            .chain(last);
        for (from, path, outer, out) in exits_in_order.filter(|(from, ..)| from.is_some()) {
            let mut after = self.block(bot, steps, from, path);
            let next = after.next.take();
            all.take_detours(after);
            join(out(&mut all, outer), next);
        }
        all
    }
}

/// Selects one of the exits; the number is that of a loop
type Exit = fn(&mut Exits, usize) -> &mut Point;

/// Returns the exit to one of the loops around
fn leaving(outer: u8, state: Box<FlowState>, exits_of_loops: fn(&mut Exits) -> &mut Vec<Point>) -> Exits {
    let mut exits = Exits::default();
    *of_loop(exits_of_loops(&mut exits), usize::from(outer)) = Some(state);
    exits
}

/// The exits of all iterations of a loop
#[derive(Default)]
struct LoopExits {
    exits: Exits,
    /// The state after the loop
    out: Point,
}
