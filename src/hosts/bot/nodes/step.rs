//! Step.step: groups nodes under a heading.

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow::SessionEffect;

/// Runs the nodes under a heading
#[derive(Debug)]
pub(crate) struct StepBlock {
    nodes: Vec<Node>,
}

impl NodeType for StepBlock {
    const PACKAGE: &'static str = "Step";
    const COMMAND: Option<&'static str> = Some("step");
    const EXAMPLE: &'static str = r#"{ "commandName": "step", "packageName": "Step", "attributes": [
    { "name": "title", "value": { "type": "STRING", "string": "Prepare" } } ],
  "children": [ { "commandName": "Comment", "packageName": "Comment" } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(StepBlock { nodes: checker.block(&raw.children) })
    }
}

impl RunNode for StepBlock {
    fn run<'a>(&'a self, _place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        run_block(&self.nodes, frame)
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Block(session_steps(&self.nodes))
    }
}
