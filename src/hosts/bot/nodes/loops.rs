//! Loop: repeats nodes a number of times, for a list, for the keys of a dictionary, or while a condition is true.

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::format::find_attribute;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::condition;
use crate::hosts::bot::nodes::condition::Condition;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow::Iterations;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::expression_error;

/// Repeats nodes
#[derive(Debug)]
pub(crate) struct Loop {
    kind: Kind,
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Kind {
    Times { times: Expr, target: Option<TargetVariable> },
    List { list: Expr, target: Option<TargetVariable> },
    Keys { dictionary: Expr, target: Option<TargetVariable> },
    While { condition: Condition, at_end: bool },
}

impl NodeType for Loop {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.start");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let kind = match raw.attribute("loopType").map(|found| found.value.string.as_str()) {
            Some("WHILE") => condition::read(checker, raw).map(|condition| {
                let at_end =
                    raw.attribute("checkConditionAtEnd").is_some_and(|found| found.value.boolean == "true");
                Kind::While { condition, at_end }
            }),
            None | Some("" | "ITERATOR") => {
                match raw.attributes.iter().find(|found| found.value.kind == "ITERATOR") {
                    Some(found) => iterator(checker, found),
                    None => checker.invalid("iterator", "is missing"),
                }
            }
            Some(_) => checker.unsupported("this host supports only the loop types ITERATOR and WHILE"),
        };
        checker.loops += 1;
        let nodes = checker.block(&raw.children);
        checker.loops -= 1;
        Some(Loop { kind: kind?, nodes })
    }
}

impl RunNode for Loop {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        Box::pin(run(self, place, frame))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        let iterations = match &self.kind {
            Kind::While { at_end, .. } => Iterations { least: u64::from(*at_end), most: None },
            Kind::Times { times: Expr::Constant(Value::Number(Number::Integer(times))), .. } => {
                let times = u64::try_from(*times).unwrap_or(0);
                Iterations { least: times, most: Some(times) }
            }
            Kind::List { list: Expr::Constant(Value::List(items)), .. } => {
                let times = u64::try_from(items.len()).unwrap_or(u64::MAX);
                Iterations { least: times, most: Some(times) }
            }
            Kind::Times { .. } | Kind::List { .. } | Kind::Keys { .. } => Iterations { least: 0, most: None },
        };
        SessionEffect::Loop { iterations, body: session_steps(&self.nodes) }
    }
}

fn iterator(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Kind> {
    let item = |checker: &mut Checker<'_>, result| checker.target("iterator", &raw.return_to, result);
    match raw.value.iterator_name.as_str() {
        "loop.iterators.times" => {
            let times = part(checker, raw, "times", Expected::Number);
            let target = item(checker, Expected::Number);
            Some(Kind::Times { times: times?, target })
        }
        "list.iterators.list" => {
            let list = part(checker, raw, "list", Expected::List);
            let target = item(checker, Expected::Any);
            Some(Kind::List { list: list?, target })
        }
        "dictionary.iterators.keys" => {
            // The attribute has different names in different files, so it is found by its type.
            let holds = |value: &RawValue| matches!(value.kind.as_str(), "VARIABLE" | "DICTIONARY");
            let name =
                raw.attributes.iter().find(|found| holds(&found.value)).map(|found| found.name.as_str());
            let dictionary = part(checker, raw, name.unwrap_or("dictionary"), Expected::Dictionary);
            let target = item(checker, Expected::Text);
            Some(Kind::Keys { dictionary: dictionary?, target })
        }
        _ => checker.unsupported(
            "this host supports only loops over a number of times, a list, or the keys of a dictionary",
        ),
    }
}

fn part(checker: &mut Checker<'_>, raw: &RawAttribute, name: &str, expected: Expected) -> Option<Expr> {
    match find_attribute(&raw.attributes, name).filter(|found| found.value.is_given()) {
        Some(found) => checker.value(name, &found.value, expected),
        None => checker.invalid(name, "is missing"),
    }
}

async fn run(node: &Loop, place: &Location, frame: &Frame<'_>) -> Result<Flow, Failed> {
    let at = |error| Failed::at(place, error);
    let (mut items, target) = items(&node.kind, &frame.scope).map_err(at)?;
    let mut first = true;
    loop {
        // An iteration without nodes does not wait, and must still let the run be stopped.
        tokio::task::coop::consume_budget().await;
        let more = match (&node.kind, items.next()) {
            (Kind::While { condition, at_end }, _) => {
                (first && *at_end) || condition::holds(condition, &frame.scope).map_err(at)?
            }
            (_, Some(item)) => frame.assign(target, item).map(|()| true).map_err(at)?,
            (_, None) => false,
        };
        if !more {
            return Ok(Flow::Next);
        }
        match run_block(&node.nodes, frame).await? {
            Flow::Next | Flow::Continue => first = false,
            Flow::Break => return Ok(Flow::Next),
            Flow::Stop => return Ok(Flow::Stop),
        }
    }
}

type Items<'a> = Box<dyn Iterator<Item = Value> + Send + 'a>;

/// Evaluates the items of the iterations when the loop starts, and returns them with their variable
fn items<'a>(
    kind: &'a Kind,
    scope: &VariableScope,
) -> Result<(Items<'a>, Option<&'a TargetVariable>), Error> {
    match kind {
        Kind::While { .. } => Ok((Box::new(std::iter::empty()), None)),
        Kind::Times { times, target } => match times.number(scope)? {
            Number::Integer(times) => Ok((Box::new((1..=times).map(Value::from)), target.as_ref())),
            Number::Decimal(_) => Err(expression_error("the number of iterations is not a whole number")),
        },
        Kind::List { list, target } => match list.value(scope)? {
            Value::List(items) => Ok((Box::new(items.into_iter()), target.as_ref())),
            other => Err(expression_error(format!("expected a list, got {}", other.kind()))),
        },
        Kind::Keys { dictionary, target } => match dictionary.value(scope)? {
            Value::Dictionary(entries) => Ok((
                Box::new(entries.into_iter().map(|(name, _)| Value::Text(name.into_owned()))),
                target.as_ref(),
            )),
            other => Err(expression_error(format!("expected a dictionary, got {}", other.kind()))),
        },
    }
}
