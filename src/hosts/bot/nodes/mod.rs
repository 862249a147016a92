//! The nodes of a flow: one file for the nodes of a package, each read and run side by side.

mod action;
mod boolean;
mod condition;
mod delay;
mod dictionary;
mod error_handler;
mod if_else;
mod log_to_file;
mod loops;
mod message_box;
mod number;
mod string;
mod task_bot;

use std::future::Future;
use std::pin::Pin;

use crate::contract::Error;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::session_flow;
use crate::hosts::bot::session_flow::Does;
use crate::package::PACKAGE_NAME;

pub(super) use task_bot::child_paths;

/// A node that was read and can run
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Location,
    step: NodeKind,
}

/// What a node does
#[derive(Debug)]
enum NodeKind {
    Nothing,
    /// What was at fault, so that the flow never runs; sessions are not followed beyond what may concern them
    Faulty {
        concerns_sessions: bool,
    },
    Block(Vec<Node>),
    Action(Box<action::ActionNode>),
    RunTask(task_bot::RunTask),
    StopTask,
    If(if_else::If),
    Loop(loops::Loop),
    Break,
    Continue,
    Try(error_handler::Try),
    Throw(error_handler::Throw),
    StringAssign(string::AssignString),
    NumberSet(number::Set),
    BooleanAssign(boolean::AssignBoolean),
    DictionaryGet(dictionary::Get),
    DictionaryPut(dictionary::Put),
    Delay(delay::Delay),
    LogToFile(log_to_file::LogToFile),
    MessageBox(message_box::MessageBox),
}

/// Where the flow goes after a node
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// To the next node
    Next,
    /// Out of the innermost loop
    Break,
    /// To the innermost loop's next round
    Continue,
    /// To the end of the bot
    Stop,
}

/// An error on its way out of the flow
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: Error,
    /// The node it came from, which may be one of a child bot
    pub(super) origin: Location,
    /// The line it came from as the bot at hand sees it: a child's error comes from the line that runs the child
    pub(super) line: usize,
}

impl Failed {
    pub(super) fn at(place: &Location, error: Error) -> Self {
        Failed { error, origin: place.clone(), line: place.line }
    }

    /// The same without secrets: a message may name a key or a file that the flow computed
    fn masked(self, frame: &Frame<'_>) -> Self {
        Failed { error: self.error.masked(frame.reporter().masker()), ..self }
    }
}

/// A running piece of a flow; boxed, since flows nest
pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<Flow, Failed>> + Send + 'a>>;

/// Reads a node; what is at fault was reported
pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Node {
    let place = checker.place.clone();
    let step = read_step(checker, raw).unwrap_or_else(|| {
        let holds_others = !raw.children.is_empty() || !raw.branches.is_empty();
        let concerns_sessions = holds_others || matches!(raw.package_name.as_str(), PACKAGE_NAME | "TaskBot");
        NodeKind::Faulty { concerns_sessions }
    });
    Node { place, step }
}

fn read_step(checker: &mut Checker<'_>, raw: &RawNode) -> Option<NodeKind> {
    let (package, command) = (raw.package_name.as_str(), raw.command_name.as_str());
    match (package, command) {
        ("Comment", _) => Some(NodeKind::Nothing),
        ("Step", "step") => Some(NodeKind::Block(checker.block(&raw.children))),
        ("If", "if") => if_else::read(checker, raw).map(NodeKind::If),
        ("Loop", "loop.commands.start") => loops::read(checker, raw).map(NodeKind::Loop),
        ("Loop", "loop.commands.break") => loops::inside(checker).then_some(NodeKind::Break),
        ("Loop", "loop.commands.continue") => loops::inside(checker).then_some(NodeKind::Continue),
        ("ErrorHandler", "try") => error_handler::read_try(checker, raw).map(NodeKind::Try),
        ("ErrorHandler", "throw") => error_handler::read_throw(checker, raw).map(NodeKind::Throw),
        ("String", "assign") => string::read(checker, raw).map(NodeKind::StringAssign),
        ("Number", "assignToNumber") => number::read_assign(checker, raw).map(NodeKind::NumberSet),
        ("Number", "increment") => number::read_increment(checker, raw).map(NodeKind::NumberSet),
        ("Number", "toString") => number::read_to_string(checker, raw).map(NodeKind::NumberSet),
        ("Boolean", "assign") => boolean::read(checker, raw).map(NodeKind::BooleanAssign),
        ("Dictionary", "get") => dictionary::read_get(checker, raw).map(NodeKind::DictionaryGet),
        ("Dictionary", "put") => dictionary::read_put(checker, raw).map(NodeKind::DictionaryPut),
        ("Delay", "delay") => delay::read(checker, raw).map(NodeKind::Delay),
        ("LogToFile", "logToFile") => log_to_file::read(checker, raw).map(NodeKind::LogToFile),
        ("MessageBox", "messageBox") => message_box::read(checker, raw).map(NodeKind::MessageBox),
        ("TaskBot", "runTask") => task_bot::read(checker, raw).map(NodeKind::RunTask),
        ("TaskBot", "stopTask") => Some(NodeKind::StopTask),
        (PACKAGE_NAME, _) => action::read(checker, raw).map(|action| NodeKind::Action(Box::new(action))),
        _ => unknown(checker, raw),
    }
}

/// A node that this host does not run; what is below it is checked all the same
fn unknown(checker: &mut Checker<'_>, raw: &RawNode) -> Option<NodeKind> {
    const KNOWN: &[&str] = &[
        "Comment",
        "Step",
        "If",
        "Loop",
        "ErrorHandler",
        "String",
        "Number",
        "Boolean",
        "Dictionary",
        "Delay",
        "LogToFile",
        "MessageBox",
        "TaskBot",
    ];
    if KNOWN.contains(&raw.package_name.as_str()) {
        checker.unsupported::<()>("this host does not run this node here");
    } else {
        let near = nearest(&raw.package_name, [PACKAGE_NAME]);
        let hint = did_you_mean(near);
        let package = printable(&raw.package_name, 256);
        checker.unsupported::<()>(format!("a node of another package, \"{package}\"{hint}"));
    }
    checker.block(&raw.children);
    for branch in &raw.branches {
        if checker.enter(branch) {
            checker.block(&branch.children);
        }
    }
    None
}

/// Nodes as the check of sessions sees them
pub(super) fn session_steps(nodes: &[Node]) -> Vec<session_flow::FlowStep<'_>> {
    nodes.iter().map(|node| session_flow::FlowStep { place: &node.place, does: does(node) }).collect()
}

fn does(node: &Node) -> Does<'_> {
    match &node.step {
        NodeKind::Nothing => Does::Nothing,
        NodeKind::Faulty { concerns_sessions: true } => Does::Unreadable,
        NodeKind::Block(nodes) => Does::Block(session_steps(nodes)),
        NodeKind::Action(step) => action::session_step(step),
        NodeKind::RunTask(step) => task_bot::session_step(step),
        NodeKind::StopTask => Does::Stop,
        NodeKind::If(step) => if_else::session_step(step),
        NodeKind::Loop(step) => loops::session_step(step),
        NodeKind::Break => Does::Break,
        NodeKind::Continue => Does::Continue,
        NodeKind::Try(step) => error_handler::session_step(step),
        NodeKind::Throw(_) => Does::Throw,
        NodeKind::Faulty { concerns_sessions: false }
        | NodeKind::StringAssign(_)
        | NodeKind::NumberSet(_)
        | NodeKind::BooleanAssign(_)
        | NodeKind::DictionaryGet(_)
        | NodeKind::DictionaryPut(_)
        | NodeKind::Delay(_)
        | NodeKind::LogToFile(_)
        | NodeKind::MessageBox(_) => Does::Work,
    }
}

/// Runs nodes in order until one sends the flow elsewhere
pub(super) fn run_block<'a>(nodes: &'a [Node], frame: &'a Frame<'_>) -> Running<'a> {
    Box::pin(async move {
        for node in nodes {
            // A flow that never waits still lets the rest of the process work, and be stopped.
            tokio::task::coop::consume_budget().await;
            let flow = run(node, frame).await.map_err(|failed| failed.masked(frame))?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    })
}

/// Runs one node
///
/// Every future is made here and waited for elsewhere: where flows nest, a future's making must not
/// stand on the stack below its running.
fn run<'a>(node: &'a Node, frame: &'a Frame<'_>) -> Running<'a> {
    let place = &node.place;
    let done = match &node.step {
        NodeKind::Block(nodes) => return run_block(nodes, frame),
        NodeKind::If(step) => return Box::pin(if_else::run(step, frame)),
        NodeKind::Loop(step) => return Box::pin(loops::run(step, place, frame)),
        NodeKind::Try(step) => return Box::pin(error_handler::run_try(step, frame)),
        NodeKind::RunTask(step) => return Box::pin(task_bot::run(step, place, frame)),
        NodeKind::Action(step) => return leaf(action::run(step, place, frame), place),
        NodeKind::Delay(step) => return leaf(delay::run(step, frame), place),
        NodeKind::Nothing => Ok(Flow::Next),
        NodeKind::Faulty { .. } => unreachable!("a flow with faults does not run"),
        NodeKind::Break => Ok(Flow::Break),
        NodeKind::Continue => Ok(Flow::Continue),
        NodeKind::StopTask => Ok(Flow::Stop),
        NodeKind::Throw(step) => Err(error_handler::thrown(step, frame)),
        NodeKind::StringAssign(step) => string::run(step, frame).map(|()| Flow::Next),
        NodeKind::NumberSet(step) => number::run(step, frame).map(|()| Flow::Next),
        NodeKind::BooleanAssign(step) => boolean::run(step, frame).map(|()| Flow::Next),
        NodeKind::DictionaryGet(step) => dictionary::run_get(step, frame).map(|()| Flow::Next),
        NodeKind::DictionaryPut(step) => dictionary::run_put(step, frame).map(|()| Flow::Next),
        NodeKind::LogToFile(step) => log_to_file::run(step, place, frame).map(|()| Flow::Next),
        NodeKind::MessageBox(step) => message_box::run(step, place, frame).map(|()| Flow::Next),
    };
    Box::pin(std::future::ready(done.map_err(|error| Failed::at(place, error))))
}

/// A node without nodes below it that takes its time
fn leaf<'a>(work: impl Future<Output = Result<(), Error>> + Send + 'a, place: &'a Location) -> Running<'a> {
    Box::pin(async move { work.await.map(|()| Flow::Next).map_err(|error| Failed::at(place, error)) })
}
