//! What the bot's author should know although the action did its work.

use std::fmt;

use serde::Serialize;
use serde::Serializer;

/// A warning of an action: `{"code","message"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about, stable
    pub code: WarningCode,
    /// What it says, one sentence without a full stop
    pub message: String,
}

/// What a warning is about, as a stable dotted word that a host can tell apart
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningCode {
    /// A token stands in the flow instead of a reference to one
    InsecureString,
    /// The list goes on behind the default limit
    ListCut,
    /// The token ends soon, as the operator wrote it down
    CredentialExpires,
    /// The response was lost, and what was made was found by its content alone
    SettledByContent,
}

impl WarningCode {
    /// Every code
    pub const ALL: &[WarningCode] = &[
        WarningCode::InsecureString,
        WarningCode::ListCut,
        WarningCode::CredentialExpires,
        WarningCode::SettledByContent,
    ];

    /// The code as it is written everywhere
    pub const fn as_str(self) -> &'static str {
        match self {
            WarningCode::InsecureString => "credential.insecure_string",
            WarningCode::ListCut => "list.cut",
            WarningCode::CredentialExpires => "credential.expires",
            WarningCode::SettledByContent => "service.settled_by_content",
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
