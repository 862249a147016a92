//! Delay.delay: waits for a time, or for a random time between two.

use std::time::Duration;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::duration;
use crate::hosts::bot::nodes::number::between;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::waiting;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Waits for a time
#[derive(Debug)]
pub(crate) struct Delay {
    time: Time,
    unit: Duration,
}

#[derive(Debug)]
enum Time {
    Fixed(Expr),
    Between(Expr, Expr),
}

impl NodeType for Delay {
    const PACKAGE: &'static str = "Delay";
    const COMMAND: Option<&'static str> = Some("delay");
    const EXAMPLE: &'static str = r#"{ "commandName": "delay", "packageName": "Delay", "attributes": [
    { "name": "delayType", "value": { "type": "STRING", "string": "RANDOM" } },
    { "name": "from", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "to", "value": { "type": "NUMBER", "number": "5" } },
    { "name": "timeUnit", "value": { "type": "STRING", "string": "SECONDS" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let unit = duration::unit(checker, raw, "timeUnit");
        let time = match raw.attribute("delayType").map_or("", |found| found.value.string.as_str()) {
            "" | "REGULAR" => Time::Fixed(checker.required(raw, "delayTime", Expected::Number)?),
            "RANDOM" => {
                let named = |names: [&'static str; 3]| {
                    names.into_iter().find(|name| raw.attribute(name).is_some()).unwrap_or(names[0])
                };
                let from = checker.required(raw, named(["from", "fromTime", "delayFrom"]), Expected::Number);
                let to = checker.required(raw, named(["to", "toTime", "delayTo"]), Expected::Number);
                Time::Between(from?, to?)
            }
            _ => return checker.unsupported("this host supports only the delay types REGULAR and RANDOM"),
        };
        Some(Delay { time, unit: unit? })
    }
}

impl RunNode for Delay {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        waiting(place, run(self, frame))
    }
}

async fn run(node: &Delay, frame: &Frame<'_>) -> Result<(), Error> {
    let time = match &node.time {
        Time::Fixed(time) => duration::evaluated(time, node.unit, frame)?,
        Time::Between(from, to) => {
            let from = duration::evaluated(from, node.unit, frame)?.as_millis();
            let to = duration::evaluated(to, node.unit, frame)?.as_millis();
            let whole = |millis: u128| i64::try_from(millis).unwrap_or(i64::MAX);
            let time = between(whole(from), whole(to))
                .map_err(|_| expression_error("\"from\" is a longer time than \"to\""))?;
            Duration::from_millis(time.unsigned_abs())
        }
    };
    frame.pause(time).await;
    Ok(())
}
