//! Faults and warnings of a flow, each with its location.

use std::fmt;

use crate::contract::Error;
use crate::hosts::bot::location::Location;

/// An error that prevents a bot from running
#[derive(Debug)]
pub struct Fault {
    /// The location in the flow
    pub place: Location,
    /// The error, with help on how to fix it
    pub error: Error,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.error)
    }
}

/// A warning to the author of the flow; it does not prevent the bot from running
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowWarning {
    /// The location in the flow
    pub place: Location,
    /// The message, which quotes no value
    pub text: String,
    /// Whether the bot may fail for this reason
    pub may_fail: bool,
}

impl fmt::Display for FlowWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}
