//! The type of value that a field of a node accepts.

use crate::hosts::bot::values::VariableKind;

/// The type of value that a field accepts
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Text,
    Number,
    Boolean,
    List,
    Dictionary,
    Credential,
    Session,
    /// Any type except a credential or a session
    Any,
}

impl Expected {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Expected::Text => "a text",
            Expected::Number => "a number",
            Expected::Boolean => "a boolean",
            Expected::List => "a list",
            Expected::Dictionary => "a dictionary",
            Expected::Credential => "a credential",
            Expected::Session => "a session",
            Expected::Any => "a text, number, boolean, list or dictionary",
        }
    }

    /// Returns the type that a variable of this kind accepts
    pub(crate) const fn of(kind: &VariableKind) -> Self {
        match kind {
            VariableKind::Text | VariableKind::DateTime | VariableKind::File => Expected::Text,
            VariableKind::Number => Expected::Number,
            VariableKind::Boolean => Expected::Boolean,
            VariableKind::List => Expected::List,
            VariableKind::Dictionary => Expected::Dictionary,
            VariableKind::Credential => Expected::Credential,
            VariableKind::Session(_) => Expected::Session,
            VariableKind::Any | VariableKind::Unknown(_) => Expected::Any,
        }
    }

    /// Returns whether the field accepts a variable of this kind; credentials are never converted
    pub(crate) fn takes(self, kind: &VariableKind) -> bool {
        match self {
            _ if matches!(kind, VariableKind::Unknown(_)) => false,
            Expected::Session => kind.is_own_session(),
            Expected::Credential => matches!(kind, VariableKind::Credential | VariableKind::Text),
            _ if matches!(kind, VariableKind::Credential | VariableKind::Session(_)) => false,
            _ if *kind == VariableKind::Any => true,
            Expected::Any => true,
            Expected::Text => !matches!(kind, VariableKind::List | VariableKind::Dictionary),
            Expected::Number => *kind == VariableKind::Number,
            Expected::Boolean => *kind == VariableKind::Boolean,
            Expected::List => *kind == VariableKind::List,
            Expected::Dictionary => *kind == VariableKind::Dictionary,
        }
    }
}
