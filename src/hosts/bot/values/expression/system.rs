//! The variables of the packages System and String.
//!
//! A bot gets the time and its own name. It gets nothing that identifies the machine or its user: these values are
//! masked, so that a flow that writes them into its log runs unchanged. Others are refused. Decision 0164.

use jiff::Zoned;

use crate::contract::Error;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::local_now;
use crate::contract::nearest;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::dates;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::quoted;

/// What a masked variable holds
pub(crate) const MASKED: &str = "********";

/// A variable of the package System
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SystemVariable {
    /// The name of the bot
    TaskName,
    /// The date and the time
    Date,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    /// A value that identifies the machine or its user; the name of the variable
    Masked(&'static str),
}

/// The variables by name
const VARIABLES: &[(&str, SystemVariable)] = &[
    ("AATaskName", SystemVariable::TaskName),
    ("Date", SystemVariable::Date),
    ("Year", SystemVariable::Year),
    ("Month", SystemVariable::Month),
    ("Day", SystemVariable::Day),
    ("Hour", SystemVariable::Hour),
    ("Minute", SystemVariable::Minute),
    ("Second", SystemVariable::Second),
    ("Millisecond", SystemVariable::Millisecond),
    ("Machine", SystemVariable::Masked("Machine")),
    ("Username", SystemVariable::Masked("Username")),
    ("OSName", SystemVariable::Masked("OSName")),
    ("IPAddress", SystemVariable::Masked("IPAddress")),
    ("AAControlRoom", SystemVariable::Masked("AAControlRoom")),
    ("AAApplicationPath", SystemVariable::Masked("AAApplicationPath")),
    ("AAInstallationPath", SystemVariable::Masked("AAInstallationPath")),
    ("AATaskExecutorName", SystemVariable::Masked("AATaskExecutorName")),
    ("CurrentDirectory", SystemVariable::Masked("CurrentDirectory")),
];

/// The variables that this host refuses: what the machine works on, and how it is doing
const REFUSED: &[&str] = &[
    "ClipboardText",
    "CPUUsage",
    "RAMUsage",
    "TotalRAM",
    "TotalDiskSpace",
    "FreeDiskSpace",
    "EnvironmentVariables",
];

/// The texts of the package String by name
const TEXTS: &[(&str, &str)] = &[("Newline", "\n"), ("Enter", "\n"), ("Tab", "\t"), ("Separator", ",")];

impl SystemVariable {
    /// Returns the variable with this name, ignoring case
    ///
    /// Errors: `bot.expression` for a variable that this host refuses or does not know.
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        if let Some((_, found)) = VARIABLES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Ok(*found);
        }
        if let Some(refused) = REFUSED.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            let message = format!("$System:{refused}$ would show the bot more of the machine than it needs");
            return Err(expression_error(message).help("Pass what the bot needs as an input."));
        }
        let near = nearest(name, VARIABLES.iter().map(|(known, _)| *known));
        let message = format!("there is no system variable {}{}", quoted(name), did_you_mean(near));
        Err(expression_error(message)
            .help("The page on bot files lists the system variables that this host supports."))
    }

    /// The name of the variable
    pub(crate) fn name(self) -> &'static str {
        VARIABLES.iter().find(|(_, one)| *one == self).map_or("", |(name, _)| name)
    }

    /// Returns whether a bot gets a mask instead of the value
    pub(crate) const fn is_masked(self) -> bool {
        matches!(self, SystemVariable::Masked(_))
    }

    /// The type of the value
    pub(crate) const fn gives(self) -> Expected {
        match self {
            SystemVariable::TaskName | SystemVariable::Masked(_) => Expected::Text,
            SystemVariable::Date => Expected::DateTime,
            _ => Expected::Number,
        }
    }

    /// Returns the value, for the bot with this name
    pub(crate) fn value(self, task_name: &str) -> Value {
        self.value_at(task_name, local_now)
    }

    /// Returns the value at the time of this clock
    fn value_at(self, task_name: &str, now: impl FnOnce() -> Zoned) -> Value {
        let number = |number: i64| Value::from(number);
        match self {
            SystemVariable::TaskName => Value::from(task_name),
            SystemVariable::Masked(_) => Value::from(MASKED),
            SystemVariable::Date => Value::from(dates::to_text(&now())),
            SystemVariable::Year => number(now().year().into()),
            SystemVariable::Month => number(now().month().into()),
            SystemVariable::Day => number(now().day().into()),
            SystemVariable::Hour => number(now().hour().into()),
            SystemVariable::Minute => number(now().minute().into()),
            SystemVariable::Second => number(now().second().into()),
            SystemVariable::Millisecond => number(now().millisecond().into()),
        }
    }
}

/// Returns the text of the package String with this name, ignoring case
pub(super) fn text_constant(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::Timestamp;
    use jiff::tz::Offset;
    use jiff::tz::TimeZone;

    #[test]
    fn every_part_of_the_date_is_there_on_the_last_day_of_the_year_9999() {
        let zone = TimeZone::fixed(Offset::constant(1));
        for (name, expected) in [
            ("Date", Value::from("9999-12-30T23:00:00.999+01:00")),
            ("Year", Value::from(9999_i64)),
            ("Month", Value::from(12_i64)),
            ("Day", Value::from(30_i64)),
            ("Hour", Value::from(23_i64)),
            ("Minute", Value::from(0_i64)),
            ("Second", Value::from(0_i64)),
            ("Millisecond", Value::from(999_i64)),
        ] {
            let variable = SystemVariable::named(name).expect("it is a variable");
            let value = variable.value_at("a", || Timestamp::MAX.to_zoned(zone.clone()));
            assert_eq!(value, expected, "{name}");
        }
    }
}
