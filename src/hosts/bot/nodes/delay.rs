//! Delay.delay: waits.

use std::time::Duration;

use crate::contract::Error;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::expression::failed;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// How long to wait
#[derive(Debug)]
pub(super) struct Delay {
    time: Expr,
    unit: Duration,
}

pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Delay> {
    let word = |name: &str| raw.attribute(name).map(|found| found.value.string.as_str()).unwrap_or_default();
    if !matches!(word("delayType"), "" | "REGULAR") {
        checker.unsupported::<()>("this host knows the delay type REGULAR only");
    }
    let unit = match word("timeUnit") {
        "MILLISECONDS" => Some(Duration::from_millis(1)),
        "" | "SECONDS" => Some(Duration::from_secs(1)),
        _ => checker.invalid("timeUnit", "is not SECONDS or MILLISECONDS"),
    };
    let time = checker.required(raw, "delayTime", Expected::Number);
    Some(Delay { time: time?, unit: unit? })
}

pub(super) async fn run(node: &Delay, frame: &Frame<'_>) -> Result<(), Error> {
    let time = node.time.number(&frame.scope)?.to_decimal();
    let time = Duration::try_from_secs_f64(time * node.unit.as_secs_f64())
        .map_err(|_| failed("the delay is negative or beyond all times"))?;
    tokio::time::sleep(time).await;
    Ok(())
}
