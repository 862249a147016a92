//! ErrorHandler: try with catch and finally, and throw.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;

/// Runs nodes, with a catch for their errors and a finally for every case
#[derive(Debug)]
pub(crate) struct Try {
    nodes: Vec<Node>,
    catch: Option<Catch>,
    finally: Vec<Node>,
}

#[derive(Debug)]
struct Catch {
    place: Location,
    message: Option<TargetVariable>,
    line: Option<TargetVariable>,
    nodes: Vec<Node>,
}

/// Fails with an error of the flow
#[derive(Debug)]
pub(crate) struct Throw {
    message: Expr,
}

impl NodeType for Try {
    const PACKAGE: &'static str = "ErrorHandler";
    const COMMAND: Option<&'static str> = Some("try");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let mut node = Try { nodes: checker.block(&raw.children), catch: None, finally: Vec::new() };
        for branch in &raw.branches {
            if !checker.enter(branch) {
                continue;
            }
            match (branch.package_name.as_str(), branch.command_name.as_str()) {
                ("ErrorHandler", "catch") if node.catch.is_none() => {
                    node.catch = Some(read_catch(checker, branch))
                }
                ("ErrorHandler", "catch") => {
                    checker.unsupported("this host supports only one catch for each try").unwrap_or(())
                }
                ("ErrorHandler", "finally") => node.finally.extend(checker.block(&branch.children)),
                _ => checker.unsupported("this node cannot be a branch of a try").unwrap_or(()),
            }
        }
        Some(node)
    }
}

impl RunNode for Try {
    fn run<'a>(&'a self, _place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        Box::pin(run_try(self, frame))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Try {
            body: session_steps(&self.nodes),
            catch: self.catch.as_ref().map(|catch| session_steps(&catch.nodes)),
            finally: session_steps(&self.finally),
        }
    }
}

fn read_catch(checker: &mut Checker<'_>, raw: &RawNode) -> Catch {
    let exception = raw.attribute("exceptionType").map(|found| found.value.exception_name.as_str());
    if !matches!(exception, None | Some("" | "BotException")) {
        checker.unsupported::<()>(
            "this host supports only the exception type BotException, which includes every error",
        );
    }
    let place = checker.place.clone();
    let mut target =
        |name: &str, result| raw.returns.get(name).and_then(|value| checker.target(name, value, result));
    let message = target("errorMessage", Expected::Text);
    let line = target("errorLineNumber", Expected::Number);
    Catch { place, message, line, nodes: checker.block(&raw.children) }
}

impl NodeType for Throw {
    const PACKAGE: &'static str = "ErrorHandler";
    const COMMAND: Option<&'static str> = Some("throw");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Throw { message: checker.given_or_empty(raw, "message")? })
    }
}

impl RunNode for Throw {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, Err(thrown_error(self, frame)))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Throw
    }
}

async fn run_try(node: &Try, frame: &Frame<'_>) -> Result<Flow, Failed> {
    let mut outcome = run_block(&node.nodes, frame).await;
    if let (Err(failed), Some(catch)) = (&outcome, &node.catch) {
        outcome = run_catch(catch, failed, frame).await;
    }
    match run_block(&node.finally, frame).await? {
        Flow::Next => outcome,
        // An error of the body remains; otherwise, the finally decides where the flow continues.
        flow => outcome.map(|_| flow),
    }
}

async fn run_catch(catch: &Catch, failed: &Failed, frame: &Frame<'_>) -> Result<Flow, Failed> {
    frame.reporter().caught(&catch.place, &failed.error);
    let message = failed.error.to_string();
    let line = i64::try_from(failed.line).unwrap_or(i64::MAX);
    frame
        .assign(catch.message.as_ref(), Value::Text(message))
        .and_then(|()| frame.assign(catch.line.as_ref(), Value::Number(Number::Integer(line))))
        .map_err(|error| Failed::at(&catch.place, error))?;
    run_block(&catch.nodes, frame).await
}

/// Returns the error of a throw
fn thrown_error(node: &Throw, frame: &Frame<'_>) -> Error {
    match node.message.text(&frame.scope) {
        Ok(message) => Error::new(ErrorCode::BotThrown, message),
        Err(error) => error,
    }
}
