//! Follows sessions through the nodes of a flow: an abstract interpretation over the possible states of each session.

use crate::hosts::bot::session_flow::follower::At;
use crate::hosts::bot::session_flow::follower::FollowedBot;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::follower::Way;
use crate::hosts::bot::session_flow::names::FlowNames;
use crate::hosts::bot::session_flow::state::Exits;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::Point;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::state::join;
use crate::hosts::bot::session_flow::step::Does;
use crate::hosts::bot::session_flow::step::FlowStep;
use crate::hosts::bot::session_flow::step::Rounds;

/// The number of names and variables that doubles the work of a node
const NAMES_AS_A_NODE: usize = 16;

/// The number of iterations of a loop that are followed separately
const ROUNDS_APART: u64 = 2;

/// The path to the first node of the root
const START: Way = Way { conditional: false, caught: false, watched: false };

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
        way: Way,
    ) -> Exits {
        let mut exits = Exits { next: from, ..Exits::default() };
        for step in steps {
            let Some(state) = exits.next.take() else { break };
            self.work += 1 + state.size() / NAMES_AS_A_NODE;
            if self.gave_up() {
                break;
            }
            if way.watched && !matches!(step.does, Does::Nothing) {
                join(&mut exits.throws, Some(state.clone()));
            }
            let mut after = self.step(bot, step, state, way);
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
        way: Way,
    ) -> Exits {
        match &step.does {
            Does::Nothing | Does::Work => Exits::next(state),
            Does::Unreadable => {
                state.unreadable = true;
                Exits::next(state)
            }
            Does::Connect { target, if_exists, access } => {
                self.connect(At { bot, place: step.place, way }, target, *if_exists, access, &mut state);
                Exits::next(state)
            }
            Does::Use { session, how } => {
                self.use_session(At { bot, place: step.place, way }, session, *how, &mut state);
                Exits::next(state)
            }
            Does::Block(steps) => self.block(bot, steps, Some(state), way),
            Does::Choice { branches, is_exhaustive } => {
                self.choice(bot, branches, *is_exhaustive, state, way)
            }
            Does::Loop { rounds, body } => self.rounds(bot, *rounds, body, state, way),
            Does::Break => Exits { breaks: Some(state), ..Exits::default() },
            Does::Continue => Exits { continues: Some(state), ..Exits::default() },
            Does::Stop => Exits { stops: Some(state), ..Exits::default() },
            // The state at the error was recorded before this step.
            Does::Throw => Exits::default(),
            Does::Try { body, catch, finally } => {
                self.attempt(bot, body, catch.as_deref(), finally, state, way)
            }
            Does::Run(run) => self.run(bot, step.place, run, state, way),
        }
    }

    fn choice(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        branches: &'c [Vec<FlowStep<'p>>],
        is_exhaustive: bool,
        state: Box<FlowState>,
        way: Way,
    ) -> Exits {
        let mut exits = Exits::default();
        let mut certain = state.certain;
        let inside = Way { conditional: true, ..way };
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

    fn rounds(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        rounds: Rounds,
        body: &'c [FlowStep<'p>],
        state: Box<FlowState>,
        way: Way,
    ) -> Exits {
        let mut gathered = Gathered::default();
        let mut at = Some(state);
        let mut round = 0;
        // The first iterations are followed separately, since the first one often differs from the others.
        while round < ROUNDS_APART && rounds.most.is_none_or(|most| round < most) && at.is_some() {
            let mut inside = way;
            if round >= rounds.least {
                join(&mut gathered.out, at.clone());
                inside.conditional = true;
            }
            at = self.round(bot, body, at, inside, &mut gathered);
            round += 1;
        }
        if rounds.most.is_none_or(|most| round < most) {
            // For all further iterations, the states are joined until they no longer change.
            let inside = Way { conditional: true, ..way };
            while let Some(before) = at.clone().filter(|_| !self.gave_up()) {
                let after = self.round(bot, body, at.clone(), inside, &mut gathered);
                join(&mut at, after);
                if at.as_ref() == Some(&before) {
                    break;
                }
            }
        }
        let Gathered { mut exits, mut out } = gathered;
        join(&mut out, at);
        if let Some(out) = &mut out {
            out.certain &= exits.stops.is_none();
        }
        exits.next = out;
        exits
    }

    /// Follows one iteration of a loop, and returns the state before the next one
    fn round(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        body: &'c [FlowStep<'p>],
        from: Point,
        way: Way,
        gathered: &mut Gathered,
    ) -> Point {
        let mut after = self.block(bot, body, from, way);
        let mut next = after.next.take();
        let leaves = after.breaks.is_some() || after.stops.is_some();
        join(&mut gathered.out, after.breaks.take());
        join(&mut next, after.continues.take());
        if let Some(next) = &mut next {
            next.certain &= !leaves;
        }
        gathered.exits.take_detours(after);
        next
    }

    fn attempt(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        body: &'c [FlowStep<'p>],
        catch: Option<&'c [FlowStep<'p>]>,
        finally: &'c [FlowStep<'p>],
        state: Box<FlowState>,
        way: Way,
    ) -> Exits {
        let inside = Way { caught: way.caught || catch.is_some(), watched: true, ..way };
        let mut exits = self.block(bot, body, Some(state), inside);
        if let Some(catch) = catch {
            let outside =
                Way { conditional: true, watched: way.watched || !finally.is_empty(), caught: way.caught };
            let mut from = exits.throws.take();
            if let Some(from) = &mut from {
                from.certain = true;
            }
            let mut caught = self.block(bot, catch, from, outside);
            let next = caught.next.take();
            let goes_on = next.as_ref().is_some_and(|next| next.certain) && !caught.may_leave();
            join(&mut exits.next, next);
            if let Some(next) = &mut exits.next {
                next.certain &= goes_on;
            }
            caught.limit_certainty(false);
            exits.take_detours(caught);
        }
        if finally.is_empty() { exits } else { self.finally(bot, finally, exits, way) }
    }

    /// Follows a finally on each exit of the try; an exit of the finally itself takes precedence
    fn finally(
        &mut self,
        bot: &FollowedBot<'c, 'p>,
        steps: &'c [FlowStep<'p>],
        exits: Exits,
        way: Way,
    ) -> Exits {
        let mut all = Exits::default();
        let Exits { next, breaks, continues, stops, throws } = exits;
        let astray = Way { conditional: true, ..way };
        let leads: [(Point, Way, Exit); 5] = [
            (next, way, |exits| &mut exits.next),
            (breaks, astray, |exits| &mut exits.breaks),
            (continues, astray, |exits| &mut exits.continues),
            (stops, astray, |exits| &mut exits.stops),
            (throws, astray, |exits| &mut exits.throws),
        ];
        for (from, way, out) in leads.into_iter().filter(|(from, ..)| from.is_some()) {
            let mut after = self.block(bot, steps, from, way);
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
struct Gathered {
    exits: Exits,
    /// The state after the loop
    out: Point,
}
