//! The outcome of an action: a success or a failure.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap as _;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::SessionHandle;
use crate::contract::Warning;

/// The outcome of an action
pub type Outcome = Result<Success, Failure>;

/// The result of an action that succeeded
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Success {
    /// The action's outputs by name
    pub outputs: Dictionary,
    /// The session that was opened
    pub session: Option<SessionHandle>,
    /// Requests sent to the service
    pub requests: u64,
    /// Warnings for the bot's author, for example about an insecure string in a flow
    pub warnings: Vec<Warning>,
}

/// The result of an action that failed
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The error
    pub error: Error,
    /// Requests sent to the service
    pub requests: u64,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl Serialize for Success {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("outputs", &self.outputs)?;
        if let Some(handle) = &self.session {
            map.serialize_entry("session", &handle.to_string())?;
        }
        map.serialize_entry("requests", &self.requests)?;
        if !self.warnings.is_empty() {
            map.serialize_entry("warnings", &self.warnings)?;
        }
        map.end()
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("error", &self.error)?;
        map.serialize_entry("requests", &self.requests)?;
        map.end()
    }
}
