//! Loop: repeats nodes for each item of an iterator, or while a condition is true.

use crate::contract::Error;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::condition;
use crate::hosts::bot::nodes::condition::Condition;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::table::ITERATOR_TYPES;
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
use crate::hosts::bot::values::expression::no_key;
use crate::hosts::bot::values::expression_error;

/// Repeats nodes
#[derive(Debug)]
pub(crate) struct Loop {
    kind: Kind,
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Kind {
    Iterator { items: Box<dyn LoopItems>, target: ItemTarget },
    While { condition: Condition, at_end: bool },
}

/// Where an item is put
#[derive(Debug)]
enum ItemTarget {
    Whole(Option<TargetVariable>),
    /// Each field of a record in its own variable
    Fields(Vec<(String, TargetVariable)>),
}

impl NodeType for Loop {
    const PACKAGE: &'static str = "Loop";
    const COMMAND: Option<&'static str> = Some("loop.commands.start");
    const EXAMPLE: &'static str = r#"{ "commandName": "loop.commands.start", "packageName": "Loop", "attributes": [
    { "name": "loopType", "value": { "type": "STRING", "string": "ITERATOR" } },
    { "name": "iterator",
      "value": { "type": "ITERATOR", "iteratorName": "list.iterators.list", "packageName": "List" },
      "attributes": [ { "name": "list", "value": { "type": "VARIABLE", "variableName": "list" } } ],
      "returnTo": { "type": "VARIABLE", "variableName": "text" } } ],
  "children": [ { "commandName": "Comment", "packageName": "Comment" } ] }"#;

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
                    None if raw.attributes.nearest_to("loopType").is_some() => {
                        checker.missing(&raw.attributes, "loopType")
                    }
                    None => checker.missing(&raw.attributes, "iterator"),
                }
            }
            Some(other) => {
                let hint = did_you_mean(nearest(other, ["ITERATOR", "WHILE"]));
                checker
                    .unsupported(format!("this host supports only the loop types ITERATOR and WHILE{hint}"))
            }
        };
        checker.loops.push(raw.anchor().to_owned());
        let nodes = checker.block(&raw.children);
        checker.loops.pop();
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
            Kind::Iterator { items, .. } => items.iterations(),
        };
        SessionEffect::Loop { iterations, body: session_steps(&self.nodes) }
    }
}

fn iterator(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Kind> {
    let name = raw.value.iterator_name.as_str();
    // An iterator has a name of its own; its package is missing or another one in some files.
    let found = ITERATOR_TYPES.iter().find(|kind| kind.names.contains(&name));
    let Some(kind) = found else {
        let supported: Vec<&str> = ITERATOR_TYPES.iter().map(|kind| kind.names[0]).collect();
        let hint = did_you_mean(nearest(name, supported.iter().copied()));
        return checker
            .unsupported(format!("the iterator of this loop is not one of {}{hint}", supported.join(", ")));
    };
    let items = (kind.read)(checker, raw);
    let target = match raw.return_to.kind.as_str() {
        "DICTIONARY" if kind.item == Expected::Dictionary => {
            let entries = raw.return_to.dictionary.iter();
            let fields = entries.filter_map(|entry| {
                Some((entry.key.clone(), checker.target(&entry.key, &entry.value, Expected::Any)?))
            });
            ItemTarget::Fields(fields.collect())
        }
        _ => ItemTarget::Whole(checker.target("iterator", &raw.return_to, kind.item)),
    };
    let items = items?;
    if let (Some(list), ItemTarget::Whole(Some(target))) =
        (items.list().and_then(Expr::only_reference), &target)
    {
        checker.outputs.assigned_items(&target.name, list);
    }
    Some(Kind::Iterator { items, target })
}

async fn run(node: &Loop, place: &Location, frame: &Frame<'_>) -> Result<Flow, Failed> {
    let at = |error| Failed::at(place, error);
    let mut items: Items<'_> = match &node.kind {
        Kind::Iterator { items, .. } => items.items(frame).map_err(at)?,
        Kind::While { .. } => Box::new(std::iter::empty()),
    };
    let mut first = true;
    loop {
        // An iteration without nodes does not wait, and must still let the run be stopped.
        tokio::task::coop::consume_budget().await;
        let more = match &node.kind {
            Kind::While { condition, at_end } => {
                (first && *at_end) || condition::holds(condition, frame).await.map_err(at)?
            }
            Kind::Iterator { target, .. } => match items.next() {
                Some(item) => target.assign(item, frame).map(|()| true).map_err(at)?,
                None => false,
            },
        };
        if !more {
            return Ok(Flow::Next);
        }
        match run_block(&node.nodes, frame).await? {
            Flow::Next | Flow::Continue(0) => first = false,
            Flow::Break(0) => return Ok(Flow::Next),
            Flow::Break(outer) => return Ok(Flow::Break(outer - 1)),
            Flow::Continue(outer) => return Ok(Flow::Continue(outer - 1)),
            Flow::Stop => return Ok(Flow::Stop),
        }
    }
}

impl ItemTarget {
    fn assign(&self, item: Value, frame: &Frame<'_>) -> Result<(), Error> {
        match self {
            ItemTarget::Whole(target) => frame.assign(target.as_ref(), item),
            ItemTarget::Fields(fields) => {
                let Value::Dictionary(mut record) = item else {
                    return Err(expression_error(format!(
                        "an item of the loop is {}, not a record",
                        item.kind()
                    )));
                };
                fields.iter().try_for_each(|(key, target)| match record.get_mut(key) {
                    Some(value) => frame.assign(Some(target), std::mem::take(value)),
                    None => Err(expression_error(format!("the row {}", no_key(&record, key)))),
                })
            }
        }
    }
}
