//! Names, handles and targets of sessions.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use unicode_normalization::UnicodeNormalization as _;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::parse_error::refuse;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// The prefix of every handle, with which no name may begin
pub const SESSION_HANDLE_PREFIX: &str = "azdo-session:";

/// Limit of this package: a name fits in a line of a message; in characters, after normalization
const MAX_NAME: usize = 128;

/// A session's name: 1 to 128 characters after NFC, no control characters, case matters
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionName(String);

impl SessionName {
    /// Returns the name in NFC
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SessionName {
    fn default() -> Self {
        SessionName("Default".to_owned())
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TextKind for SessionName {
    const EXPECTED: &'static str = "a session name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        // A character has at most a few bytes before and after normalization, so longer texts need not be normalized.
        if text.len() > MAX_NAME * 16 {
            return Err(ParseError::invalid("a session name has at most 128 characters"));
        }
        let name: String = text.nfc().collect();
        match name.chars().count() {
            0 => return Err(ParseError::invalid("a session name cannot be empty")),
            1..=MAX_NAME => {}
            _ => return Err(ParseError::invalid("a session name has at most 128 characters")),
        }
        if name.chars().any(char::is_control) {
            return Err(ParseError::invalid("a session name cannot contain control characters"));
        }
        if name.starts_with(SESSION_HANDLE_PREFIX) {
            return Err(ParseError::invalid("a session name cannot begin with the prefix of a handle"));
        }
        Ok(SessionName(name))
    }
}

text_kind!(SessionName, { "minLength": 1, "maxLength": MAX_NAME, "default": "Default" });

/// A session's handle: 16 random bytes, valid inside its run tree only
///
/// A handle is not authentication: every use also checks the run tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionHandle([u8; 16]);

impl SessionHandle {
    /// Creates a handle from bytes of the system's random generator
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        SessionHandle(bytes)
    }

    /// Returns the bytes, for a keyed hash
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn parse_hex(hex: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        if hex.len() != 32 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(0..16) {
            *byte = u8::from_str_radix(&hex[pair * 2..pair * 2 + 2], 16).ok()?;
        }
        Some(SessionHandle(bytes))
    }
}

impl fmt::Display for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SESSION_HANDLE_PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A reference to a session: by name, or by the handle in a session variable
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionReference {
    /// A name, looked up in the bot run's local sessions, then in the run tree's global ones
    Name(SessionName),
    /// A handle, looked up in the run tree in which it was opened
    Handle(SessionHandle),
}

impl Default for SessionReference {
    fn default() -> Self {
        SessionReference::Name(SessionName::default())
    }
}

impl fmt::Display for SessionReference {
    /// Writes the reference for a message, without the handle
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionReference::Name(name) => {
                write!(f, "\"{}\"", printable(name.as_str(), MAX_NAME))
            }
            SessionReference::Handle(_) => f.write_str("in the session variable"),
        }
    }
}

impl TextKind for SessionReference {
    const EXPECTED: &'static str = "a session name or a session variable";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if let Some(hex) = text.strip_prefix(SESSION_HANDLE_PREFIX) {
            return SessionHandle::parse_hex(hex).map(SessionReference::Handle).ok_or_else(|| {
                ParseError::new(ErrorCode::SessionNotFound, "the handle is not from this package")
            });
        }
        // A handle of another package has a different prefix, which distinguishes it from a name.
        if text.split_once(':').is_some_and(|(kind, _)| kind.ends_with("-session")) {
            return Err(ParseError::new(ErrorCode::SessionWrongType, "it is a session of another package"));
        }
        SessionName::parse(text).map(SessionReference::Name)
    }
}

text_kind!(SessionReference, { "minLength": 1, "maxLength": MAX_NAME, "default": "Default", "x-attribute": "SESSION" });

/// The scope of a session
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum SessionScope {
    /// Only this bot run
    Local,
    /// Every bot of the run tree
    Global,
    /// Every bot of the run tree that has the handle
    Variable,
}

/// Where Connect stores the session
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionTarget {
    /// A name in this bot run
    Local(SessionName),
    /// A name in the run tree
    Global(SessionName),
    /// A variable, which holds the handle; there is no name
    Variable,
}

impl SessionTarget {
    /// Returns the scope
    pub const fn scope(&self) -> SessionScope {
        match self {
            SessionTarget::Local(_) => SessionScope::Local,
            SessionTarget::Global(_) => SessionScope::Global,
            SessionTarget::Variable => SessionScope::Variable,
        }
    }

    /// Returns the name, if there is one
    pub const fn name(&self) -> Option<&SessionName> {
        match self {
            SessionTarget::Local(name) | SessionTarget::Global(name) => Some(name),
            SessionTarget::Variable => None,
        }
    }
}

impl Default for SessionTarget {
    fn default() -> Self {
        SessionTarget::Local(SessionName::default())
    }
}

impl fmt::Display for SessionTarget {
    /// Writes the target for a message: `local session "Default"`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |name: &SessionName| printable(name.as_str(), MAX_NAME);
        match self {
            SessionTarget::Local(local) => write!(f, "local session \"{}\"", name(local)),
            SessionTarget::Global(global) => write!(f, "global session \"{}\"", name(global)),
            SessionTarget::Variable => f.write_str("session in a variable"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetFields {
    #[serde(default)]
    scope: Option<SessionScope>,
    #[serde(default)]
    name: Option<SessionName>,
}

impl<'de> Deserialize<'de> for SessionTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let TargetFields { scope, name } = TargetFields::deserialize(deserializer)?;
        match (scope.unwrap_or(SessionScope::Local), name) {
            (SessionScope::Local, name) => Ok(SessionTarget::Local(name.unwrap_or_default())),
            (SessionScope::Global, name) => Ok(SessionTarget::Global(name.unwrap_or_default())),
            (SessionScope::Variable, None) => Ok(SessionTarget::Variable),
            (SessionScope::Variable, Some(_)) => {
                Err(refuse(ParseError::invalid("a session in a variable has no name")))
            }
        }
    }
}

impl JsonSchema for SessionTarget {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SessionTarget".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "scope": { "type": "string", "enum": ["LOCAL", "GLOBAL", "VARIABLE"], "default": "LOCAL" },
                "name": { "type": "string", "minLength": 1, "maxLength": MAX_NAME, "default": "Default" }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized_and_bounded_and_never_look_like_handles() {
        let name = |text: &str| SessionName::parse(text);
        assert_eq!(name("e\u{301}"), name("\u{e9}"));
        assert_ne!(name("Work"), name("work"));
        for good in ["a", "__proto__", "../", "a:b*", "🎉", &"x".repeat(128)] {
            assert!(name(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a\nb", "azdo-session:x", &"x".repeat(129), &"e\u{301}".repeat(129), &"x".repeat(1 << 20)]
        {
            assert!(name(bad).is_err(), "{} characters", bad.len());
        }
        assert!(name(&"e\u{301}".repeat(128)).is_ok(), "128 characters after NFC");
    }

    #[test]
    fn a_reference_is_a_handle_or_a_name() {
        let handle = SessionHandle::from_bytes([0xab; 16]);
        let text = handle.to_string();
        assert_eq!(text, format!("azdo-session:{}", "ab".repeat(16)));
        assert_eq!(SessionReference::parse(&text), Ok(SessionReference::Handle(handle)));
        for bad in ["azdo-session:", "azdo-session:AB", &text.to_uppercase()[13..].replace("AB", "Zz")] {
            let read = SessionReference::parse(bad);
            assert!(!matches!(read, Ok(SessionReference::Handle(_))), "{bad}");
        }
        let other = SessionReference::parse("excel-session:42").expect_err("another package's");
        assert_eq!(other.code, ErrorCode::SessionWrongType);
        assert_eq!(SessionReference::default().to_string(), "\"Default\"");
    }
}
