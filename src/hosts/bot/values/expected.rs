//! What a field of a node takes.

use crate::hosts::bot::values::VariableKind;

/// What a field takes
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Text,
    Number,
    Boolean,
    List,
    Dictionary,
    Credential,
    Session,
    /// Any of them but a credential or a session
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

    /// What a variable of a kind takes
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

    /// Whether a variable of that kind can stand here; credentials turn into nothing else
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
