//! If: runs the first branch whose condition is true.

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::condition;
use crate::hosts::bot::nodes::condition::Condition;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::part;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::session_flow::SessionEffect;

/// The branches, in order; the branch without a condition is `else`
#[derive(Debug)]
pub(crate) struct If {
    branches: Vec<Branch>,
}

#[derive(Debug)]
struct Branch {
    place: Location,
    condition: Option<Condition>,
    nodes: Vec<Node>,
}

impl NodeType for If {
    const PACKAGE: &'static str = "If";
    const COMMAND: Option<&'static str> = Some("if");
    const EXAMPLE: &'static str = r#"{ "commandName": "if", "packageName": "If", "attributes": [
    { "name": "condition",
      "value": { "type": "CONDITIONAL", "conditionalName": "stringVariable", "packageName": "String" },
      "attributes": [
        { "name": "variable", "value": { "type": "STRING", "expression": "$text$" } },
        { "name": "operator", "value": { "type": "STRING", "string": "EQ" } },
        { "name": "value", "value": { "type": "STRING", "string": "succeeded" } },
        { "name": "matchCase", "value": { "type": "BOOLEAN", "boolean": true } } ] } ],
  "children": [ { "commandName": "Comment", "packageName": "Comment" } ],
  "branches": [ { "commandName": "else", "packageName": "If", "children": [] } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let mut branches = vec![branch(checker, raw, true)];
        for other in &raw.branches {
            if !checker.enter(other) {
                continue;
            }
            match (other.package_name.as_str(), other.command_name.as_str()) {
                ("If", "elseIf") => branches.push(branch(checker, other, true)),
                ("If", "else") => branches.push(branch(checker, other, false)),
                _ => checker.unsupported("this node cannot be a branch of an If").unwrap_or(()),
            }
        }
        Some(If { branches: branches.into_iter().collect::<Option<_>>()? })
    }
}

impl RunNode for If {
    fn run<'a>(&'a self, _place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        Box::pin(run(self, frame))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        let branches = self.branches.iter().map(|branch| part(&branch.place, &branch.nodes)).collect();
        let is_exhaustive = self.branches.last().is_some_and(|branch| branch.condition.is_none());
        SessionEffect::Choice { branches, is_exhaustive }
    }
}

fn branch(checker: &mut Checker<'_>, raw: &RawNode, conditional: bool) -> Option<Branch> {
    let place = checker.place.clone();
    let condition = if conditional { condition::read(checker, raw).map(Some) } else { Some(None) };
    let nodes = checker.block(&raw.children);
    // Of the node itself, the checker warns.
    if raw.command_name != "if" {
        checker.warn_of_misspelt(raw, &place);
    }
    Some(Branch { place, condition: condition?, nodes })
}

async fn run(node: &If, frame: &Frame<'_>) -> Result<Flow, Failed> {
    for branch in &node.branches {
        let taken = match &branch.condition {
            Some(condition) => {
                let holds = condition::holds(condition, frame).await;
                holds.map_err(|error| Failed::at(&branch.place, error))?
            }
            None => true,
        };
        if taken {
            return run_block(&branch.nodes, frame).await;
        }
    }
    Ok(Flow::Next)
}
