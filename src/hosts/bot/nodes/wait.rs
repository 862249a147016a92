//! Wait.waitForCondition: waits until a condition holds.

use std::time::Duration;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::condition;
use crate::hosts::bot::nodes::condition::Condition;
use crate::hosts::bot::nodes::duration;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::waiting;
use crate::hosts::bot::values::Expr;

/// The time that a node without a time waits, in seconds
const DEFAULT: i64 = 30;

/// Waits until a condition holds
#[derive(Debug)]
pub(crate) struct WaitForCondition {
    condition: Condition,
    seconds: Expr,
    /// Whether the node fails if the condition does not hold in time
    fails: Expr,
}

impl NodeType for WaitForCondition {
    const PACKAGE: &'static str = "Wait";
    const COMMAND: Option<&'static str> = Some("waitForCondition");
    const EXAMPLE: &'static str = r#"{ "commandName": "waitForCondition", "packageName": "Wait", "attributes": [
    { "name": "conditionPredicate",
      "value": { "type": "CONDITIONAL", "conditionalName": "fileExists", "packageName": "File" },
      "attributes": [ { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } } ] },
    { "name": "waitTimeout", "value": { "type": "NUMBER", "number": "5" } },
    { "name": "isThrowException", "value": { "type": "BOOLEAN", "boolean": true } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let condition = condition::read(checker, raw);
        let seconds = checker.number_or(raw, "waitTimeout", DEFAULT);
        let fails = checker.flag(raw, "isThrowException", true);
        Some(WaitForCondition { condition: condition?, seconds: seconds?, fails: fails? })
    }
}

impl RunNode for WaitForCondition {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        waiting(place, run(self, frame))
    }
}

async fn run(node: &WaitForCondition, frame: &Frame<'_>) -> Result<(), Error> {
    let time = duration::evaluated(&node.seconds, Duration::from_secs(1), frame)?;
    if condition::holds_within(&node.condition, time, frame).await? || !node.fails.boolean(&frame.scope)? {
        return Ok(());
    }
    let message = format!("the condition did not hold within {} s", time.as_secs());
    Err(Error::new(ErrorCode::DeadlineExceeded, message)
        .help("Raise \"waitTimeout\", or switch \"isThrowException\" off to continue."))
}
