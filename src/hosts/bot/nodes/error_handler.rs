//! ErrorHandler: try with catches and finally, and throw.

use std::future::ready;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
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
use crate::hosts::bot::run::part;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::run::session_steps;
use crate::hosts::bot::session_flow::FlowCatch;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;

/// The exception type that includes every error
const ANY_EXCEPTION: &str = "BotException";

/// Runs nodes, with catches for their errors and a finally for every case
#[derive(Debug)]
pub(crate) struct Try {
    nodes: Vec<Node>,
    /// In order; the first that fits the error runs
    catches: Vec<Catch>,
    finally: Vec<Node>,
    /// Where the finally is, if there is one
    finally_place: Option<Location>,
}

#[derive(Debug)]
struct Catch {
    place: Location,
    /// The exception type that a throw names; `None` for every error
    exception: Option<String>,
    message: Option<TargetVariable>,
    line: Option<TargetVariable>,
    /// Whether the flow continues after the try if the catch itself fails
    continues_on_error: bool,
    nodes: Vec<Node>,
}

/// Fails with an error of the flow
#[derive(Debug)]
pub(crate) struct Throw {
    message: Expr,
    exception: Option<String>,
}

impl NodeType for Try {
    const PACKAGE: &'static str = "ErrorHandler";
    const COMMAND: Option<&'static str> = Some("try");
    const EXAMPLE: &'static str = r#"{ "commandName": "try", "packageName": "ErrorHandler",
  "children": [ { "commandName": "Comment", "packageName": "Comment" } ],
  "branches": [
    { "commandName": "catch", "packageName": "ErrorHandler", "attributes": [
        { "name": "exceptionType", "value": {
            "type": "EXCEPTION", "exceptionName": "BotException", "packageName": "ErrorHandler" } },
        { "name": "continueOnError", "value": { "type": "BOOLEAN", "boolean": false } } ],
      "returns": {
        "errorMessage": { "type": "VARIABLE", "variableName": "text" },
        "errorLineNumber": { "type": "VARIABLE", "variableName": "count" } },
      "children": [] },
    { "commandName": "finally", "packageName": "ErrorHandler", "children": [] } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let mut node = Try {
            nodes: checker.block(&raw.children),
            catches: Vec::new(),
            finally: Vec::new(),
            finally_place: None,
        };
        for branch in &raw.branches {
            if !checker.enter(branch) {
                continue;
            }
            match (branch.package_name.as_str(), branch.command_name.as_str()) {
                ("ErrorHandler", "catch") => node.catches.push(read_catch(checker, branch)),
                ("ErrorHandler", "finally") => {
                    node.finally_place = Some(checker.place.clone());
                    node.finally.extend(checker.block(&branch.children));
                }
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
        let catch = |catch| {
            let Catch { place, exception, continues_on_error, nodes, .. }: &Catch = catch;
            FlowCatch {
                catches_all: exception.is_none(),
                continues_on_error: *continues_on_error,
                steps: part(place, nodes),
            }
        };
        SessionEffect::Try {
            body: session_steps(&self.nodes),
            catches: self.catches.iter().map(catch).collect(),
            finally: self.finally_place.iter().flat_map(|place| part(place, &self.finally)).collect(),
        }
    }
}

/// What a catch returns
const CAUGHT: [&str; 2] = ["errorMessage", "errorLineNumber"];

fn read_catch(checker: &mut Checker<'_>, raw: &RawNode) -> Catch {
    let exception = exception(raw);
    let continues_on_error = checker.constant_flag(raw, "continueOnError").unwrap_or_default();
    let place = checker.place.clone();
    let mut target =
        |name: &str, result| raw.returns.get(name).and_then(|value| checker.target(name, value, result));
    let message = target(CAUGHT[0], Expected::Text);
    let line = target(CAUGHT[1], Expected::Number);
    checker.warn_of_misspelt(raw, &place);
    for name in raw.returns.keys().filter(|name| !CAUGHT.contains(&name.as_str())) {
        let shown = printable(name, 256);
        let hint = did_you_mean(nearest(name, CAUGHT));
        checker.warn(format!("a catch returns no \"{shown}\", and this is ignored{hint}"));
    }
    Catch { place, exception, message, line, continues_on_error, nodes: checker.block(&raw.children) }
}

/// Returns the exception type of a catch or a throw; `None` for the type of every error
fn exception(raw: &RawNode) -> Option<String> {
    let name = raw.attribute("exceptionType").map_or("", |found| found.value.exception_name.as_str());
    (!matches!(name, "" | ANY_EXCEPTION)).then(|| name.to_owned())
}

impl NodeType for Throw {
    const PACKAGE: &'static str = "ErrorHandler";
    const COMMAND: Option<&'static str> = Some("throw");
    const EXAMPLE: &'static str = r#"{ "commandName": "throw", "packageName": "ErrorHandler", "attributes": [
    { "name": "exceptionType", "value": {
        "type": "EXCEPTION", "exceptionName": "BotException", "packageName": "ErrorHandler" } },
    { "name": "message", "value": { "type": "STRING", "expression": "There is no pipeline for $text$" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let name = if raw.attribute("message").is_some() { "message" } else { "errorMessage" };
        Some(Throw { message: checker.given_or_empty(raw, name)?, exception: exception(raw) })
    }
}

impl RunNode for Throw {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        let failed = Failed::at(place, thrown_error(self, frame));
        Box::pin(ready(Err(Failed { exception: self.exception.clone(), ..failed })))
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Throw
    }
}

async fn run_try(node: &Try, frame: &Frame<'_>) -> Result<Flow, Failed> {
    let mut outcome = run_block(&node.nodes, frame).await;
    if let Err(failed) = &outcome
        && let Some(catch) = node.catches.iter().find(|catch| catch.fits(failed))
    {
        outcome = run_catch(catch, failed, frame).await;
    }
    match run_block(&node.finally, frame).await? {
        Flow::Next => outcome,
        // An error of the body remains; otherwise, the finally decides where the flow continues.
        flow => outcome.map(|_| flow),
    }
}

impl Catch {
    fn fits(&self, failed: &Failed) -> bool {
        self.exception.is_none() || self.exception == failed.exception
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
    match run_block(&catch.nodes, frame).await {
        Err(failed) if catch.continues_on_error => {
            let text = format!("the catch failed, and the flow continues: {}", failed.error);
            frame.reporter().warning(&catch.place, &text);
            Ok(Flow::Next)
        }
        outcome => outcome,
    }
}

/// Returns the error of a throw
fn thrown_error(node: &Throw, frame: &Frame<'_>) -> Error {
    match node.message.text(&frame.scope) {
        Ok(message) => Error::new(ErrorCode::BotThrown, message),
        Err(error) => error,
    }
}
