//! Checks the sessions of a whole flow.

use crate::contract::Dictionary;
use crate::contract::SessionName;
use crate::contract::TextKind as _;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::follower::Follower;
use crate::hosts::bot::session_flow::messages::NamedConnect;
use crate::hosts::bot::session_flow::state::VariableContent;
use crate::hosts::bot::session_flow::step::BotFlow;
use crate::hosts::bot::session_flow::step::FlowStep;
use crate::hosts::bot::session_flow::step::FlowTarget;
use crate::hosts::bot::session_flow::step::SessionEffect;

/// Checks the sessions of a flow; the first bot is the root
///
/// `inputs` are the inputs of the root, if they are known. If the flow has too many paths, the result is a warning.
pub(in crate::hosts::bot) fn follow(
    bots: &[BotFlow<'_>],
    inputs: Option<&Dictionary>,
) -> (Vec<Fault>, Vec<FlowWarning>) {
    let mut connects = Vec::new();
    for (bot, flow) in bots.iter().enumerate() {
        collect(bot, flow.name, &flow.steps, &mut connects);
    }
    let mut follower = Follower::new(bots, &connects);
    follower.root(bots[0].variables.iter().map(|(name, is_input)| held(name, *is_input, inputs)).collect());
    if follower.gave_up() {
        let text = "the flow has too many paths through loops and child bots to check its sessions";
        let place = bots[0]
            .steps
            .first()
            .map_or_else(|| Location::file(bots[0].name), |step| Location::file(&step.place.file));
        return (Vec::new(), vec![FlowWarning { place, text: text.to_owned(), may_fail: true }]);
    }
    follower.findings.into_results()
}

/// Returns the initial content of a session variable of the root
fn held(name: &str, is_input: bool, inputs: Option<&Dictionary>) -> VariableContent {
    match inputs {
        _ if !is_input => VariableContent::EMPTY,
        None => VariableContent::Unknown,
        Some(inputs) => match inputs.get(name).map(|value| value.as_text().map(SessionName::parse)) {
            None => VariableContent::EMPTY,
            Some(Some(Ok(name))) => VariableContent::Name(name),
            Some(_) => VariableContent::Unknown,
        },
    }
}

/// Collects every Connect with a named session
fn collect<'c, 'p>(
    bot: usize,
    bot_name: &'p str,
    steps: &'c [FlowStep<'p>],
    connects: &mut Vec<NamedConnect<'c>>,
) where
    'p: 'c,
{
    for step in steps {
        match &step.effect {
            SessionEffect::Connect { target: FlowTarget::Named { global, name: Some(name) }, .. } => {
                connects.push(NamedConnect { bot, bot_name, place: step.place, global: *global, name });
            }
            SessionEffect::Block(inner) | SessionEffect::Loop { body: inner, .. } => {
                collect(bot, bot_name, inner, connects)
            }
            SessionEffect::Choice { branches, .. } => {
                branches.iter().for_each(|branch| collect(bot, bot_name, branch, connects));
            }
            SessionEffect::Try { body, catches, finally } => {
                let catches = catches.iter().map(|catch| &catch.steps);
                let all = std::iter::once(body).chain(catches).chain([finally]);
                all.for_each(|inner| collect(bot, bot_name, inner, connects));
            }
            _ => {}
        }
    }
}
