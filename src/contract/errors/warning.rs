//! Warnings: what the bot's author should know although the action succeeded.

use std::fmt;

use serde::Serialize;
use serde::Serializer;

/// A warning of an action: `{"code","message"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Warning {
    /// The stable code
    pub code: WarningCode,
    /// The message, one sentence without a full stop
    pub message: String,
}

/// The subject of a warning, as a stable dotted code
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarningCode {
    /// The flow contains a token instead of a reference to one
    InsecureString,
    /// The list has more entries than the default limit
    ListCut,
    /// The token expires soon, according to the operator's file
    CredentialExpires,
    /// Requests to the server are not encrypted
    PlainHttp,
    /// The response was lost, and the created resource was found by its content alone
    SettledByContent,
    /// The response shows another value than the one that was given
    OtherValue,
    /// A moment has no time zone, and is read as the local time of this machine
    LocalTime,
    /// Another process of the run tree has another version of this package
    OtherVersion,
}

impl WarningCode {
    /// Every code
    pub const ALL: &[WarningCode] = &[
        WarningCode::InsecureString,
        WarningCode::ListCut,
        WarningCode::CredentialExpires,
        WarningCode::PlainHttp,
        WarningCode::SettledByContent,
        WarningCode::OtherValue,
        WarningCode::LocalTime,
        WarningCode::OtherVersion,
    ];

    /// Returns the code's text
    pub const fn as_str(self) -> &'static str {
        match self {
            WarningCode::InsecureString => "credential.insecure_string",
            WarningCode::ListCut => "list.cut",
            WarningCode::CredentialExpires => "credential.expires",
            WarningCode::PlainHttp => "connection.plain_http",
            WarningCode::SettledByContent => "service.settled_by_content",
            WarningCode::OtherValue => "service.other_value",
            WarningCode::LocalTime => "input.local_time",
            WarningCode::OtherVersion => "session.other_version",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Serialize for WarningCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
