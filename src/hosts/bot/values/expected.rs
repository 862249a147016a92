//! The type of value that a field of a node accepts.

use crate::hosts::bot::values::VariableKind;

/// The type of value that a field accepts
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Text,
    Number,
    Boolean,
    DateTime,
    List,
    Dictionary,
    /// A list of records
    Table,
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
            Expected::DateTime => "a date",
            Expected::List => "a list",
            Expected::Table => "a table",
            Expected::Dictionary => "a dictionary",
            Expected::Credential => "a credential",
            Expected::Session => "a session",
            Expected::Any => "a text, number, boolean, list or dictionary",
        }
    }

    /// Returns whether a text in a bot file can be such a value: a session may be given by its name
    pub(crate) const fn is_written_as_text(self) -> bool {
        matches!(self, Expected::Text | Expected::DateTime | Expected::Session | Expected::Any)
    }

    /// Returns the type that a variable of this kind accepts
    pub(crate) const fn of(kind: &VariableKind) -> Self {
        match kind {
            VariableKind::Text | VariableKind::File => Expected::Text,
            VariableKind::DateTime => Expected::DateTime,
            VariableKind::Table => Expected::Table,
            VariableKind::Number => Expected::Number,
            VariableKind::Boolean => Expected::Boolean,
            VariableKind::List => Expected::List,
            VariableKind::Dictionary | VariableKind::Record => Expected::Dictionary,
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
            Expected::Text => !matches!(
                kind,
                VariableKind::List | VariableKind::Dictionary | VariableKind::Table | VariableKind::Record
            ),
            Expected::Number => *kind == VariableKind::Number,
            Expected::Boolean => *kind == VariableKind::Boolean,
            Expected::DateTime => matches!(kind, VariableKind::DateTime | VariableKind::Text),
            Expected::List => matches!(kind, VariableKind::List | VariableKind::Table),
            Expected::Dictionary => matches!(kind, VariableKind::Dictionary | VariableKind::Record),
            Expected::Table => matches!(kind, VariableKind::Table | VariableKind::List),
        }
    }

    /// Returns whether a value of this type, which an expression computes, may be used where the other is expected
    pub(crate) fn accepts(self, given: Expected) -> bool {
        match (self, given) {
            (Expected::Any, _) | (_, Expected::Any) => true,
            (Expected::Text, Expected::Number | Expected::Boolean | Expected::DateTime) => true,
            (Expected::DateTime | Expected::Credential, Expected::Text) => true,
            (Expected::List, Expected::Table) | (Expected::Table, Expected::List) => true,
            (one, other) => one == other,
        }
    }

    /// Returns whether a variable of this kind can hold a result of this type
    pub(crate) fn fits_into(self, kind: &VariableKind) -> bool {
        match (kind, self) {
            (VariableKind::Session(_), Expected::Session) => kind.is_own_session(),
            (VariableKind::Unknown(_) | VariableKind::Session(_) | VariableKind::Credential, _)
            | (_, Expected::Session) => false,
            (VariableKind::Any, _) | (_, Expected::Any) => true,
            (VariableKind::Text, Expected::Number | Expected::Boolean | Expected::DateTime) => true,
            (VariableKind::DateTime, Expected::Text) => true,
            (VariableKind::List, Expected::Table) | (VariableKind::Table, Expected::List) => true,
            (kind, result) => Expected::of(kind) == result,
        }
    }
}
