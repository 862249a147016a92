//! The checked value of a field, and its evaluation when the bot runs.

use jiff::Zoned;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::dates;
use crate::hosts::bot::values::expression::Arithmetic;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression::Template;
use crate::hosts::bot::values::expression_error;

/// A checked value that may have to be computed
#[derive(Debug)]
pub(crate) enum Expr {
    Constant(Value),
    Text(Template),
    Number(Arithmetic),
    /// A variable or a part of one, and the type that it must have
    Reference(Reference, Expected),
    List(Vec<Expr>),
    Dictionary(Vec<(String, Expr)>),
}

impl Expr {
    /// Returns the value, unless it is computed
    pub(crate) fn constant(&self) -> Option<&Value> {
        match self {
            Expr::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the variable, if the value is a variable as a whole
    pub(crate) fn whole_variable(&self) -> Option<&str> {
        match self {
            Expr::Reference(reference, _) => reference.whole_variable(),
            _ => None,
        }
    }

    /// Returns the variable, if the value is a variable as a whole or a text that consists of one
    pub(crate) fn only_variable(&self) -> Option<&str> {
        match self {
            Expr::Number(_) => None,
            other => other.only_reference()?.whole_variable(),
        }
    }

    /// Returns the reference, if the value consists of one
    pub(crate) fn only_reference(&self) -> Option<&Reference> {
        match self {
            Expr::Reference(reference, _) => Some(reference),
            Expr::Text(template) => template.only_reference(),
            Expr::Number(arithmetic) => arithmetic.only_reference(),
            Expr::Constant(_) | Expr::List(_) | Expr::Dictionary(_) => None,
        }
    }

    /// Evaluates the value, unless it consists of a reference to nothing
    ///
    /// Errors: those of [`Expr::value`].
    pub(crate) fn value_if_any(&self, scope: &VariableScope) -> Result<Option<Value>, Error> {
        match self.only_reference() {
            Some(reference) if reference.is_nothing(scope)? => Ok(None),
            _ => self.value(scope).map(Some),
        }
    }

    /// Evaluates the value
    ///
    /// Errors: `bot.expression`; `session.not_found` for a session variable that holds none.
    pub(crate) fn value(&self, scope: &VariableScope) -> Result<Value, Error> {
        match self {
            Expr::Constant(value) => Ok(value.clone()),
            Expr::Text(template) => template.text(scope).map(Value::Text),
            Expr::Number(arithmetic) => arithmetic.number(scope).map(Value::Number),
            Expr::List(items) => {
                items.iter().map(|item| item.value(scope)).collect::<Result<_, _>>().map(Value::List)
            }
            Expr::Dictionary(entries) => entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), value.value(scope)?)))
                .collect::<Result<_, _>>()
                .map(Value::Dictionary),
            Expr::Reference(reference, expected) => {
                let value = reference.value(scope)?;
                let got = value.kind();
                fitting(value, *expected).ok_or_else(|| match expected {
                    Expected::Session => no_session(reference),
                    _ => expression_error(format!("{reference}: expected {}, got {got}", expected.words())),
                })
            }
        }
    }

    /// Evaluates the value as a text
    pub(crate) fn text(&self, scope: &VariableScope) -> Result<String, Error> {
        match self.value(scope)? {
            Value::Text(text) => Ok(text),
            other => Err(expression_error(format!("expected a text, got {}", other.kind()))),
        }
    }

    /// Evaluates the value as a number
    pub(crate) fn number(&self, scope: &VariableScope) -> Result<Number, Error> {
        match self.value(scope)? {
            Value::Number(number) => Ok(number),
            other => Err(expression_error(format!("expected a number, got {}", other.kind()))),
        }
    }

    /// Evaluates the value as a date
    pub(crate) fn date(&self, scope: &VariableScope) -> Result<Zoned, Error> {
        dates::parse(&self.text(scope)?)
    }

    /// Evaluates the value as a list or the rows of a table
    pub(crate) fn list(&self, scope: &VariableScope) -> Result<Vec<Value>, Error> {
        match self.value(scope)? {
            Value::List(items) => Ok(items),
            other => Err(expression_error(format!("expected a list, got {}", other.kind()))),
        }
    }

    /// Reads the items of a list, or the rows of a table; a variable is read in place
    pub(crate) fn read_list<R>(
        &self,
        scope: &VariableScope,
        read: impl FnOnce(&[Value]) -> R,
    ) -> Result<R, Error> {
        let Some(variable) = self.whole_variable() else { return self.list(scope).map(|items| read(&items)) };
        scope.read(variable, |value| match value {
            Value::List(items) => Ok(read(items)),
            other => Err(expression_error(format!("expected a list, got {}", other.kind()))),
        })
    }

    /// Evaluates the value as a dictionary or a record
    pub(crate) fn dictionary(&self, scope: &VariableScope) -> Result<Dictionary, Error> {
        match self.value(scope)? {
            Value::Dictionary(entries) => Ok(entries),
            other => Err(expression_error(format!("expected a dictionary, got {}", other.kind()))),
        }
    }

    /// Evaluates the value as a whole number
    pub(crate) fn whole_number(&self, scope: &VariableScope, what: &str) -> Result<i64, Error> {
        match self.number(scope)? {
            Number::Integer(number) => Ok(number),
            Number::Decimal(_) => Err(expression_error(format!("{what} is not a whole number"))),
        }
    }

    /// Evaluates the value as a boolean
    pub(crate) fn boolean(&self, scope: &VariableScope) -> Result<bool, Error> {
        match self.value(scope)? {
            Value::Boolean(flag) => Ok(flag),
            other => Err(expression_error(format!("expected a boolean, got {}", other.kind()))),
        }
    }
}

/// Converts the value of a variable to the type of a field
fn fitting(value: Value, expected: Expected) -> Option<Value> {
    match (expected, value) {
        (Expected::Any, value) => Some(value),
        (Expected::Text, Value::Null) => Some("".into()),
        (Expected::Text, value) => VariableKind::Text.keep(value),
        (Expected::Number, value @ (Value::Number(_) | Value::Text(_))) => VariableKind::Number.keep(value),
        (Expected::Boolean, value @ (Value::Boolean(_) | Value::Text(_))) => {
            VariableKind::Boolean.keep(value)
        }
        (Expected::DateTime, value @ Value::Text(_)) => Some(value),
        (Expected::List, value @ Value::List(_)) => Some(value),
        (Expected::Table, value) => VariableKind::Table.keep(value),
        (Expected::Dictionary, value @ Value::Dictionary(_)) => Some(value),
        (Expected::Credential, value @ (Value::Text(_) | Value::Dictionary(_))) => Some(value),
        (Expected::Session, value @ Value::Text(_)) => Some(value),
        _ => None,
    }
}

fn no_session(reference: &Reference) -> Error {
    Error::new(ErrorCode::SessionNotFound, format!("the session variable {reference} holds no session"))
        .help("Connect into the variable first, or pass a session to the child bot as an input.")
}
