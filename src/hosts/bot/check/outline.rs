//! The outline of a flow: its bots with their actions, the sessions of these, and the child bots that they run.

use crate::contract::SessionName;
use crate::hosts::bot::check::Analysis;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow::FlowStep;
use crate::hosts::bot::session_flow::FlowTarget;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::session_flow::WantedSession;
use crate::package::ActionCard;
use crate::package::SessionUse;
use crate::package::action;

/// A bot of a flow
pub struct BotOutline {
    /// The name of the bot
    pub name: String,
    /// What it does, in reading order
    pub rows: Vec<OutlineRow>,
}

/// A line of the outline
pub struct OutlineRow {
    /// How many parts of the flow it is in: loops, branches, tries
    pub depth: usize,
    /// The line number in the designer
    pub line: usize,
    /// What is there
    pub kind: OutlineKind,
}

/// What a line of the outline is
pub enum OutlineKind {
    /// A part of the flow that has further lines: `Loop`, `Try`, `Catch`
    Part(&'static str),
    /// An action, and its session
    Action(&'static ActionCard, Option<OutlineSession>),
    /// Runs the child bot with this number
    Child(usize),
}

/// The session of an action
pub struct OutlineSession {
    /// The name, or the variable that holds it: `Default`, `$login$`
    pub name: String,
    /// What the action does to it
    pub step: SessionStep,
}

/// What an action does to its session
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionStep {
    /// It opens a local session, or puts a session into a variable
    Opens,
    /// It opens a global session
    OpensGlobal,
    /// It works through the session
    Uses,
    /// It closes the session
    Closes,
}

/// The name of a session that is known only when the bot runs
const COMPUTED: &str = "(computed)";

impl Analysis {
    /// Returns the outline of each bot; the root is the first
    pub fn outline(&self) -> Vec<BotOutline> {
        let bots = self.program.bots.iter().zip(&self.program.nodes);
        bots.map(|(bot, nodes)| {
            let mut rows = Vec::new();
            add(&session_steps(nodes), 0, &mut rows);
            BotOutline { name: bot.name.clone(), rows }
        })
        .collect()
    }
}

fn add(steps: &[FlowStep<'_>], depth: usize, rows: &mut Vec<OutlineRow>) {
    for step in steps {
        let row = |kind| OutlineRow { depth, line: step.place.line, kind };
        match &step.effect {
            SessionEffect::Connect { target, .. } => {
                rows.extend(
                    card(step.place).map(|card| row(OutlineKind::Action(card, Some(opened(target))))),
                );
            }
            SessionEffect::Use { session, how } => {
                let session = used(session, *how);
                rows.extend(card(step.place).map(|card| row(OutlineKind::Action(card, Some(session)))));
            }
            SessionEffect::Run(child) => rows.push(row(OutlineKind::Child(child.child))),
            SessionEffect::Block(steps) => add(steps, depth, rows),
            SessionEffect::Choice { branches, .. } => {
                for branch in branches {
                    part("Branch", begin(branch, step), branch, depth, rows);
                }
            }
            SessionEffect::Loop { body, .. } => part("Loop", step.place, body, depth, rows),
            SessionEffect::Try { body, catches, finally } => {
                part("Try", step.place, body, depth, rows);
                for catch in catches {
                    part("Catch", begin(&catch.steps, step), &catch.steps, depth, rows);
                }
                part("Finally", begin(finally, step), finally, depth, rows);
            }
            _ => rows.extend(card(step.place).map(|card| row(OutlineKind::Action(card, None)))),
        }
    }
}

/// Returns where a branch, a catch or a finally begins: at its own line
fn begin<'p>(steps: &[FlowStep<'p>], of: &FlowStep<'p>) -> &'p Location {
    steps.first().map_or(of.place, |first| first.place)
}

/// Adds a part of the flow, unless it has no line
fn part(
    title: &'static str,
    place: &Location,
    steps: &[FlowStep<'_>],
    depth: usize,
    rows: &mut Vec<OutlineRow>,
) {
    let mut inner = Vec::new();
    add(steps, depth + 1, &mut inner);
    if !inner.is_empty() {
        rows.push(OutlineRow { depth, line: place.line, kind: OutlineKind::Part(title) });
        rows.append(&mut inner);
    }
}

/// Returns the action of a node of this package
fn card(place: &Location) -> Option<&'static ActionCard> {
    let (_, command) = place.node.rsplit_once('.')?;
    action(command)
}

fn opened(target: &FlowTarget<'_>) -> OutlineSession {
    match target {
        FlowTarget::Named { global, name } => OutlineSession {
            name: shown(name.as_ref()),
            step: if *global { SessionStep::OpensGlobal } else { SessionStep::Opens },
        },
        FlowTarget::Variable(name) => OutlineSession { name: format!("${name}$"), step: SessionStep::Opens },
    }
}

fn used(session: &WantedSession<'_>, how: SessionUse) -> OutlineSession {
    let name = match session {
        WantedSession::Name(name) => shown(Some(name)),
        WantedSession::Variable(name) => format!("${name}$"),
        WantedSession::Computed | WantedSession::Handle => COMPUTED.to_owned(),
    };
    let step = if how == SessionUse::Closes { SessionStep::Closes } else { SessionStep::Uses };
    OutlineSession { name, step }
}

fn shown(name: Option<&SessionName>) -> String {
    name.map_or_else(|| COMPUTED.to_owned(), ToString::to_string)
}
