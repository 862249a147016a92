//! Runs an action, and assigns its result.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::FlowPlace;
use crate::contract::Invocation;
use crate::contract::SessionName;
use crate::contract::SessionTarget;
use crate::contract::Success;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::action::action_node::ActionNode;
use crate::hosts::bot::nodes::action::action_node::ResultTarget;
use crate::hosts::bot::nodes::action::action_node::session_name;
use crate::hosts::bot::nodes::action::session_effect::session_effect;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::waiting;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::Returns;

impl RunNode for ActionNode {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        waiting(place, run(self, place, frame))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        session_effect(self)
    }
}

async fn run(node: &ActionNode, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let mut inputs = Dictionary::new();
    for (name, value) in &node.inputs {
        if let Some(value) = input(node.card, name, value, frame)? {
            inputs.insert(name.clone(), value);
        }
    }
    let target = target(&node.result, frame)?;
    let what = what(node.card, &inputs, target.as_ref());
    let session = session(node.card, &inputs, target.as_ref());
    let call = ActionCall {
        place,
        bot: &frame.bot.name,
        bot_run: &frame.run,
        card: node.card,
        what: &what,
        session: &session,
    };
    let flow_place = FlowPlace {
        bot: Some(place.file.clone()),
        line: u32::try_from(place.line).ok(),
        node: Some(place.uid.clone()).filter(|uid| !uid.is_empty()),
    };
    let invocation = Invocation::new(frame.run.clone(), node.card.name.clone(), inputs)
        .target(target)
        .at(Some(flow_place));
    let success = frame.execute(&call, invocation).await?;
    take(node, success, frame)
}

/// Evaluates an input; an empty output of another action is not given
///
/// Errors: those of evaluating it, and `bot.expression` if it is empty and required.
fn input(card: &ActionCard, name: &str, value: &Expr, frame: &Frame<'_>) -> Result<Option<Value>, Error> {
    let Some(attribute) = card.attribute(name) else { return value.value(&frame.scope).map(Some) };
    if matches!(attribute.kind, AttributeType::Session | AttributeType::Credential) {
        return value.value(&frame.scope).map(Some);
    }
    let given = value.value_if_any(&frame.scope)?;
    if given.is_none() && attribute.required && attribute.inside.is_none() {
        let what = format!("\"{name}\": the value is empty, and \"{}\" requires it", card.label);
        return Err(expression_error(what)
            .help(
                "Test the value in a condition first: an output that may be empty is equal to an empty text.",
            )
            .with("field", name));
    }
    Ok(given)
}

fn target(result: &ResultTarget, frame: &Frame<'_>) -> Result<Option<SessionTarget>, Error> {
    match result {
        ResultTarget::Whole(_) | ResultTarget::Parts(_) => Ok(None),
        ResultTarget::SessionVariable(_) => Ok(Some(SessionTarget::Variable)),
        ResultTarget::Named { global, name } => {
            let name = session_name(&name.text(&frame.scope)?)?;
            Ok(Some(if *global { SessionTarget::Global(name) } else { SessionTarget::Local(name) }))
        }
    }
}

/// Describes what the action works on: the session that it opens, or its first text or number
///
/// For an action that opens a session, no input is shown: a mistyped input may be a token.
fn what(card: &ActionCard, inputs: &Dictionary, target: Option<&SessionTarget>) -> String {
    if let Some(target) = target {
        return target.to_string();
    }
    let plain = |attribute: &&Attribute| {
        matches!(attribute.kind, AttributeType::Text | AttributeType::TextArea | AttributeType::Number)
    };
    let first = card.attributes.iter().filter(plain).find_map(|attribute| inputs.get(&attribute.name));
    match first {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => given_session(inputs).unwrap_or_default(),
    }
}

/// Describes the session that the action opens or uses
fn session(card: &ActionCard, inputs: &Dictionary, target: Option<&SessionTarget>) -> String {
    if let Some(target) = target {
        return target.to_string();
    }
    let default = || card.attribute("session").map(|_| format!("session \"{}\"", SessionName::default()));
    given_session(inputs).or_else(default).unwrap_or_default()
}

/// Describes the session that the inputs name; a handle is not shown
fn given_session(inputs: &Dictionary) -> Option<String> {
    let given = inputs.get("session").and_then(Value::as_text)?;
    Some(match SessionName::parse(given) {
        Ok(name) => format!("session \"{name}\""),
        Err(_) => "session in a variable".to_owned(),
    })
}

fn take(node: &ActionNode, mut success: Success, frame: &Frame<'_>) -> Result<(), Error> {
    success.outputs = node.card.with_empty_outputs(success.outputs);
    match &node.result {
        ResultTarget::Named { .. } => Ok(()),
        ResultTarget::SessionVariable(variable) => {
            let handle = success.session.map(|handle| Value::Text(handle.to_string()));
            frame.scope.set(variable, handle.unwrap_or_default());
            Ok(())
        }
        ResultTarget::Parts(parts) => parts.iter().try_for_each(|(name, target)| {
            frame.assign(Some(target), success.outputs.get(name).cloned().unwrap_or_default())
        }),
        ResultTarget::Whole(target) => {
            let value = match &node.card.returns {
                Returns::List(name) => success.outputs.remove(name).unwrap_or_default(),
                _ => Value::Dictionary(success.outputs),
            };
            frame.assign(target.as_ref(), value)
        }
    }
}
