//! The audit record of an action: without secrets, written before the outcome is sent.

use schemars::JsonSchema;
use serde::Serialize;
use serde::Serializer;

use crate::contract::ErrorCode;
use crate::contract::FlowPlace;

/// The version of the format of audit records
pub const AUDIT_FORMAT: u32 = 1;

/// One line of the audit trail
///
/// An action that changes something has two: one before its first change is sent, and one after it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// The version of this format: 1
    pub version: u32,
    /// When the line was made, in UTC
    pub time: String,
    /// `started` before the first change is sent, `finished` after the action
    pub phase: AuditPhase,
    /// The id of the call, which joins its two lines
    pub call: String,
    /// The host and its version
    pub host: AuditHost,
    /// The version of azdo-bot
    pub package: String,
    /// The id of the process
    pub process: u32,
    /// The name of the machine
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// The operating system's user
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The bot and the place in the flow, if the host has them
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<FlowPlace>,
    /// The bot run that called the action
    pub bot_run: String,
    /// The root of its run tree
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The session used or opened, as a keyed hash
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The organization's URL
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The project of the session
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The user of the token in Azure DevOps
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<AuditIdentity>,
    /// The reference to the credential, never the secret
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// The action: `deleteRepository`
    pub action: String,
    /// What the action changes: its kind, id and name, as far as they are known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<AuditObject>,
    /// What the action does, in one phrase
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// `ok`, `failed`, or `unknown` for a change whose response was lost; absent from `started` lines
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AuditOutcome>,
    /// The error code of a failed action
    #[serde(rename = "errorCode", serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub error: Option<ErrorCode>,
    /// The service's activity id of the latest request, for support
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_id: Option<String>,
    /// The requests sent so far
    pub requests: u64,
}

/// Whether an action is about to change something, or has ended
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditPhase {
    /// Nothing was changed yet
    Started,
    /// The action has ended
    Finished,
}

/// The outcome of an action in its record
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditOutcome {
    /// It succeeded
    Ok,
    /// It failed
    Failed,
    /// It may have changed something: its response was lost
    Unknown,
}

impl AuditOutcome {
    /// Returns the outcome of an action with this error
    pub fn of(error: Option<ErrorCode>) -> Self {
        match error {
            None => AuditOutcome::Ok,
            Some(ErrorCode::ServiceOutcomeUnknown) => AuditOutcome::Unknown,
            Some(_) => AuditOutcome::Failed,
        }
    }
}

/// The program that calls the actions
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditHost {
    /// Its name
    pub name: String,
    /// Its version
    pub version: String,
}

/// A user of Azure DevOps
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditIdentity {
    /// The id of the identity
    pub id: String,
    /// The display name
    pub name: String,
}

/// What an action changes
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditObject {
    /// Its kind: `repository`
    pub kind: String,
    /// Its id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A member of a record that may be about a person, which an operator can leave out
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditField {
    /// `user`
    User,
    /// `machine`
    Machine,
    /// `place`
    Place,
    /// `identity`
    Identity,
    /// `credential`
    Credential,
    /// `object`
    Object,
    /// `what`
    What,
}

impl AuditField {
    /// Every field that can be left out
    pub const ALL: &[AuditField] = &[
        AuditField::User,
        AuditField::Machine,
        AuditField::Place,
        AuditField::Identity,
        AuditField::Credential,
        AuditField::Object,
        AuditField::What,
    ];

    /// Returns the name of the member: `user`
    pub const fn as_str(self) -> &'static str {
        match self {
            AuditField::User => "user",
            AuditField::Machine => "machine",
            AuditField::Place => "place",
            AuditField::Identity => "identity",
            AuditField::Credential => "credential",
            AuditField::Object => "object",
            AuditField::What => "what",
        }
    }
}

impl AuditRecord {
    /// Removes a field
    pub fn leave_out(&mut self, field: AuditField) {
        match field {
            AuditField::User => self.user = None,
            AuditField::Machine => self.machine = None,
            AuditField::Place => self.place = None,
            AuditField::Identity => self.identity = None,
            AuditField::Credential => self.credential = None,
            AuditField::Object => self.object = None,
            AuditField::What => self.what = None,
        }
    }
}

fn as_text<S: Serializer>(code: &Option<ErrorCode>, serializer: S) -> Result<S::Ok, S::Error> {
    code.map(ErrorCode::as_str).serialize(serializer)
}

/// Receives the audit records of all actions, one at a time, on a thread that may block
pub trait AuditSink: Send + Sync {
    /// Writes one record; if this fails, the action fails, since it would be unrecorded
    ///
    /// A record that could not be written is passed again before the next action.
    fn write(&self, record: &AuditRecord) -> std::io::Result<()>;

    /// Returns the fields that it must not get
    fn left_out(&self) -> &[AuditField] {
        &[]
    }

    /// Closes what it writes to, if that was replaced, and opens it again
    fn reopen(&self) -> std::io::Result<()> {
        Ok(())
    }
}
