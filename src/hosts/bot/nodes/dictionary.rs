//! Dictionary: get and put.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::check_nesting;
use crate::hosts::bot::values::expression::expression_error;
use crate::hosts::bot::values::expression::no_key;

/// Assigns the value of a key to a variable
#[derive(Debug)]
pub(crate) struct Get {
    variable: String,
    key: Expr,
    target: Option<TargetVariable>,
}

/// Sets the value of a key
#[derive(Debug)]
pub(crate) struct Put {
    variable: String,
    key: Expr,
    value: Expr,
    target: Option<TargetVariable>,
}

impl NodeType for Get {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: Option<&'static str> = Some("get");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceMap", Expected::Dictionary);
        let key = checker.required(raw, "key", Expected::Text);
        let target = checker.target("returnTo", &raw.return_to, Expected::Any);
        Some(Get { variable: variable?, key: key?, target })
    }
}

impl RunNode for Get {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run_get(self, frame))
    }
}

impl NodeType for Put {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: Option<&'static str> = Some("put");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceMap", Expected::Dictionary);
        let key = checker.required(raw, "key", Expected::Text);
        // An empty text is a valid value; only a missing attribute is a fault.
        let value = match raw.attribute("value") {
            Some(found) if !found.value.is_given() && found.value.kind == "STRING" => {
                Some(Expr::Constant("".into()))
            }
            _ => checker.required(raw, "value", Expected::Any),
        };
        // The result is the previous value of the key.
        let target = checker.target("returnTo", &raw.return_to, Expected::Any);
        Some(Put { variable: variable?, key: key?, value: value?, target })
    }
}

impl RunNode for Put {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run_put(self, frame))
    }
}

fn run_get(node: &Get, frame: &Frame<'_>) -> Result<(), Error> {
    let key = node.key.text(&frame.scope)?;
    let value = frame.scope.read(&node.variable, |value| match value {
        Value::Dictionary(entries) => entries
            .get(&key)
            .cloned()
            .ok_or_else(|| expression_error(format!("${}$ {}", node.variable, no_key(entries, &key)))),
        other => Err(expression_error(format!("${}$ is {} and has no keys", node.variable, other.kind()))),
    })?;
    frame.assign(node.target.as_ref(), value)
}

fn run_put(node: &Put, frame: &Frame<'_>) -> Result<(), Error> {
    let key = node.key.text(&frame.scope)?;
    let value = node.value.value(&frame.scope)?;
    check_nesting(&node.variable, &value, 1)?;
    let before = frame.scope.change(&node.variable, |place| match place {
        Value::Dictionary(entries) => Ok(entries.insert(key, value)),
        other => Err(expression_error(format!("${}$ is {} and has no keys", node.variable, other.kind()))),
    })?;
    frame.assign(node.target.as_ref(), before.unwrap_or_default())
}
