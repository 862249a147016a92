//! The nodes of a bot. The shelf `nodes` has an implementation for each node type.

use std::fmt;
use std::future::Future;
use std::future::ready;

use crate::contract::Error;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::session_flow::FlowStep;
use crate::hosts::bot::session_flow::SessionEffect;

/// The behavior of a node
pub(crate) trait RunNode: fmt::Debug + Send + Sync {
    /// Runs the node
    ///
    /// The future is created here and awaited by the caller: where nodes nest, creating a future must not use the
    /// stack below its execution.
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a>;

    /// Returns what the node does to sessions, for the check of sessions
    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Work
    }
}

/// A node that can run
#[derive(Debug)]
pub(crate) struct Node {
    place: Location,
    body: Box<dyn RunNode>,
}

/// A node that could not be read; a flow that has one does not run
#[derive(Debug)]
struct FaultyNode {
    /// Whether the node may open, use or close sessions
    uses_sessions: bool,
}

impl Node {
    /// Creates a node
    pub(crate) fn new(place: Location, body: Box<dyn RunNode>) -> Self {
        Node { place, body }
    }

    /// Creates the node for one whose faults were reported
    pub(crate) fn faulty(place: Location, uses_sessions: bool) -> Self {
        Node { place, body: Box::new(FaultyNode { uses_sessions }) }
    }
}

impl RunNode for FaultyNode {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        unreachable!("a flow with faults does not run")
    }

    /// Sessions are not checked after a node that may use them
    fn session_effect(&self) -> SessionEffect<'_> {
        if self.uses_sessions { SessionEffect::Unreadable } else { SessionEffect::Work }
    }
}

/// Returns what nodes do to sessions
pub(crate) fn session_steps(nodes: &[Node]) -> Vec<FlowStep<'_>> {
    nodes.iter().map(|node| FlowStep { place: &node.place, effect: node.body.session_effect() }).collect()
}

/// Returns what the nodes of a branch, a catch or a finally do to sessions, as one step at its own line
pub(crate) fn part<'p>(place: &'p Location, nodes: &'p [Node]) -> Vec<FlowStep<'p>> {
    vec![FlowStep { place, effect: SessionEffect::Block(session_steps(nodes)) }]
}

/// Runs nodes in order, until the flow continues elsewhere
pub(crate) fn run_block<'a>(nodes: &'a [Node], frame: &'a Frame<'_>) -> Running<'a> {
    Box::pin(async move {
        for node in nodes {
            // A flow that never waits must still let other tasks run, and be stopped.
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

/// Ends a node that does not wait: with an error, or at the next node
pub(crate) fn finished<'a>(place: &Location, result: Result<(), Error>) -> Running<'a> {
    Box::pin(ready(result.map(|()| Flow::Next).map_err(|error| Failed::at(place, error))))
}

/// Ends a node that only decides where the flow continues
pub(crate) fn leave<'a>(flow: Flow) -> Running<'a> {
    Box::pin(ready(Ok(flow)))
}

/// Runs a node that waits, and continues at the next one
pub(crate) fn waiting<'a>(
    place: &'a Location,
    work: impl Future<Output = Result<(), Error>> + Send + 'a,
) -> Running<'a> {
    Box::pin(async move { work.await.map(|()| Flow::Next).map_err(|error| Failed::at(place, error)) })
}
