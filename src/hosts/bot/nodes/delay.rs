//! Delay.delay: waits.

use std::time::Duration;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::waiting;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::expression_error;

/// Waits for a time
#[derive(Debug)]
pub(crate) struct Delay {
    time: Expr,
    unit: Duration,
}

impl NodeType for Delay {
    const PACKAGE: &'static str = "Delay";
    const COMMAND: Option<&'static str> = Some("delay");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let word =
            |name: &str| raw.attribute(name).map(|found| found.value.string.as_str()).unwrap_or_default();
        if !matches!(word("delayType"), "" | "REGULAR") {
            checker.unsupported::<()>("this host supports only the delay type REGULAR");
        }
        let unit = match word("timeUnit") {
            "MILLISECONDS" => Some(Duration::from_millis(1)),
            "" | "SECONDS" => Some(Duration::from_secs(1)),
            _ => checker.invalid("timeUnit", "is not SECONDS or MILLISECONDS"),
        };
        let time = checker.required(raw, "delayTime", Expected::Number);
        Some(Delay { time: time?, unit: unit? })
    }
}

impl RunNode for Delay {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        waiting(place, run(self, frame))
    }
}

async fn run(node: &Delay, frame: &Frame<'_>) -> Result<(), Error> {
    let time = node.time.number(&frame.scope)?.to_decimal();
    let time = Duration::try_from_secs_f64(time * node.unit.as_secs_f64())
        .map_err(|_| expression_error("the delay is negative or too long"))?;
    tokio::time::sleep(time).await;
    Ok(())
}
