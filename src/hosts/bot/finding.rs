//! What is wrong in a flow, and where.

use std::fmt;

use crate::contract::Error;
use crate::hosts::bot::location::Location;

/// Something that keeps a bot from running
#[derive(Debug)]
pub struct Fault {
    /// Where it stands
    pub place: Location,
    /// What it is and how it is mended
    pub error: Error,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.error)
    }
}

/// Something that the bot runs with, and that its author should know
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowWarning {
    /// Where it stands
    pub place: Location,
    /// What it is, without quoting a value
    pub text: String,
    /// Whether the bot may fail because of it
    pub may_fail: bool,
}

impl fmt::Display for FlowWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}
