//! Reads where the result of an action is assigned.

use crate::contract::SessionName;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::nodes::action::action_node::ResultTarget;
use crate::hosts::bot::nodes::action::action_node::session_name;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::package::ActionCard;
use crate::package::AttributeType;

/// Reads where Connect puts the session; the default is the local session `Default`
pub(crate) fn read_session_target(checker: &mut Checker<'_>, raw: &RawValue) -> Option<ResultTarget> {
    if raw.kind == "VARIABLE" || (raw.kind == "SESSION" && !raw.expression.is_empty()) {
        let value = checker.value("returnTo", raw, Expected::Session)?;
        return match value.whole_variable() {
            Some(variable) => Some(ResultTarget::SessionVariable(variable.to_owned())),
            None => checker.session_expected("returnTo", "a part of a variable"),
        };
    }
    let global = match raw.session_target.as_str() {
        "GLOBAL" => true,
        "" | "LOCAL" | "NONE" => false,
        other => return checker.unknown_word("sessionTarget", other, &["LOCAL", "GLOBAL"]),
    };
    let name = match raw.session_name.as_deref().filter(|name| name.is_given()) {
        Some(name) => checker.value("returnTo", name, Expected::Text)?,
        None => Expr::Constant(SessionName::default().as_str().into()),
    };
    if let Some(Value::Text(text)) = name.constant() {
        checker.parsed("returnTo", session_name(text))?;
    }
    Some(ResultTarget::Named { global, name })
}

/// Reads the variables that the result is assigned to
pub(crate) fn read_result_target(
    checker: &mut Checker<'_>,
    card: &ActionCard,
    raw: &RawNode,
    whole: Expected,
) -> Option<ResultTarget> {
    let mapped = raw.return_to.dictionary.iter().map(|entry| (&entry.key, &entry.value));
    let parts: Vec<_> = mapped.chain(&raw.returns).filter(|(_, value)| value.is_given()).collect();
    if parts.is_empty() {
        let named = !raw.return_to.variable_name.is_empty();
        let target = checker.target("returnTo", &raw.return_to, whole);
        return (target.is_some() || !named).then_some(ResultTarget::Whole(target));
    }
    let mut targets = Vec::new();
    for (name, value) in parts {
        let Some(output) = card.outputs.iter().find(|output| output.name == *name) else {
            let near = nearest(name, card.outputs.iter().map(|output| output.name.as_str()));
            let hint = did_you_mean(near);
            checker.invalid::<()>(
                "returnTo",
                format!("names no output: there is no \"{}\"{hint}", printable(name, 256)),
            );
            continue;
        };
        let result = match output.kind {
            AttributeType::Number => Expected::Number,
            AttributeType::Checkbox => Expected::Boolean,
            AttributeType::List => Expected::List,
            AttributeType::Dictionary => Expected::Dictionary,
            _ => Expected::Text,
        };
        targets.extend(checker.target("returnTo", value, result).map(|target| (name.clone(), target)));
    }
    Some(ResultTarget::Parts(targets))
}
