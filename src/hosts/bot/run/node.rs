//! The nodes of a bot as they run; `nodes` has one implementation for each node of the format.

use std::fmt;
use std::future::Future;
use std::future::ready;

use crate::contract::Error;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::session_flow::Does;
use crate::hosts::bot::session_flow::FlowStep;

/// What a node of one type does
pub(crate) trait RunNode: fmt::Debug + Send + Sync {
    /// Runs the node
    ///
    /// The future is made here and waited for elsewhere: where flows nest, the making of a future must not be on the
    /// stack below its running.
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a>;

    /// Returns what the node does to sessions
    fn session_step(&self) -> Does<'_> {
        Does::Work
    }
}

/// A node that was read and can run
#[derive(Debug)]
pub(crate) struct Node {
    place: Location,
    body: Box<dyn RunNode>,
}

/// The place of a node that could not be read, so that the flow never runs
#[derive(Debug)]
struct FaultyNode {
    /// Whether the node may open, use or close sessions
    uses_sessions: bool,
}

impl Node {
    /// A node that was read
    pub(crate) fn new(place: Location, body: Box<dyn RunNode>) -> Self {
        Node { place, body }
    }

    /// A node whose faults were reported
    pub(crate) fn faulty(place: Location, uses_sessions: bool) -> Self {
        Node { place, body: Box::new(FaultyNode { uses_sessions }) }
    }
}

impl RunNode for FaultyNode {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        unreachable!("a flow with faults does not run")
    }

    /// Sessions are not followed beyond a node that may concern them
    fn session_step(&self) -> Does<'_> {
        if self.uses_sessions { Does::Unreadable } else { Does::Work }
    }
}

/// Returns what nodes do to sessions
pub(crate) fn session_steps(nodes: &[Node]) -> Vec<FlowStep<'_>> {
    nodes.iter().map(|node| FlowStep { place: &node.place, does: node.body.session_step() }).collect()
}

/// Runs nodes in order until one sends the flow elsewhere
pub(crate) fn run_block<'a>(nodes: &'a [Node], frame: &'a Frame<'_>) -> Running<'a> {
    Box::pin(async move {
        for node in nodes {
            // A flow that never waits still lets the rest of the process work, and be stopped.
            tokio::task::coop::consume_budget().await;
            let running = node.body.run(&node.place, frame);
            let flow = running.await.map_err(|failed| failed.masked(frame.reporter().masker()))?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    })
}

/// Ends a node that waits for nothing: with an error, or to the next node
pub(crate) fn finished<'a>(place: &Location, result: Result<(), Error>) -> Running<'a> {
    Box::pin(ready(result.map(|()| Flow::Next).map_err(|error| Failed::at(place, error))))
}

/// Ends a node that only says where the flow goes
pub(crate) fn leave<'a>(flow: Flow) -> Running<'a> {
    Box::pin(ready(Ok(flow)))
}

/// A node that waits, and goes on to the next one
pub(crate) fn waiting<'a>(
    place: &'a Location,
    work: impl Future<Output = Result<(), Error>> + Send + 'a,
) -> Running<'a> {
    Box::pin(async move { work.await.map(|()| Flow::Next).map_err(|error| Failed::at(place, error)) })
}
