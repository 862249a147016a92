//! How often a child bot runs, and the time between two runs.

use std::time::Duration;

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::duration;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::session_flow::Iterations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// How often a child bot runs
#[derive(Debug)]
pub(super) struct Repetition {
    times: Expr,
    /// The time between two runs, and its unit
    pause: Option<(Expr, Duration)>,
}

/// The names that the number of times may have in a file
const TIMES: [&str; 5] = ["times", "repeatTimes", "numberOfTimes", "noOfTimes", "repeatCount"];
/// The names that the time between two runs may have in a file
const PAUSE: [&str; 4] = ["delayTime", "delay", "delayBetweenRepetition", "timeBetweenRepetition"];

impl Repetition {
    /// Reads the options of the node
    pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let option = raw.attribute("repeatOption").map_or("", |found| found.value.string.as_str());
        let times = match option {
            "" | "DO_NOT_REPEAT" => return Some(Repetition { times: Expr::Constant(1.into()), pause: None }),
            "REPEAT_N_TIMES" | "REPEAT_TIMES" | "N_TIMES" | "REPEAT_NUMBER_OF_TIMES" => {
                checker.required(raw, named(raw, TIMES), Expected::Number)
            }
            "REPEAT_UNTIL_STOPPED" | "REPEAT_UNTIL_STOPPED_BY_USER" | "UNTIL_STOPPED" => checker.unsupported(
                "the child bot would run until a user stops it, and a run here is unattended; repeat it a number of times",
            ),
            "REPEAT_FOR_DURATION" | "REPEAT_DURATION" | "DURATION" => checker.unsupported(
                "this host does not repeat a child bot for a time; repeat it a number of times, or use a Loop",
            ),
            other => checker.unknown_word("repeatOption", other, &["DO_NOT_REPEAT", "REPEAT_N_TIMES"]),
        };
        let pauses = checker.constant_flag(raw, "delayNextRepetition")?;
        let pause = match pauses {
            true => {
                let unit = duration::unit(checker, raw, "timeUnit");
                Some((checker.required(raw, named(raw, PAUSE), Expected::Number)?, unit?))
            }
            false => None,
        };
        Some(Repetition { times: times?, pause })
    }

    /// Returns the number of times
    ///
    /// Errors: `bot.expression` if it is not a whole number.
    pub(super) fn times(&self, frame: &Frame<'_>) -> Result<i64, Error> {
        self.times.whole_number(&frame.scope, "the number of times that the child bot runs")
    }

    /// Waits between two runs
    ///
    /// Errors: `bot.expression` for a time that is negative or too long.
    pub(super) async fn pause(&self, frame: &Frame<'_>) -> Result<(), Error> {
        if let Some((time, unit)) = &self.pause {
            frame.pause(duration::evaluated(time, *unit, frame)?).await;
        }
        Ok(())
    }

    /// Returns the number of times as far as it is known before the run; `None` for one time
    pub(super) fn iterations(&self) -> Option<Iterations> {
        match &self.times {
            Expr::Constant(Value::Number(Number::Integer(1))) => None,
            Expr::Constant(Value::Number(Number::Integer(times))) => {
                let times = u64::try_from(*times).unwrap_or(0);
                Some(Iterations { least: times, most: Some(times) })
            }
            _ => Some(Iterations { least: 0, most: None }),
        }
    }
}

fn named<const N: usize>(raw: &RawNode, names: [&'static str; N]) -> &'static str {
    names.into_iter().find(|name| raw.attribute(name).is_some()).unwrap_or(names[0])
}
