//! Texts with variables in them.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression::failed;

/// A text with references in it: `https://dev.azure.com/$organization$`
#[derive(Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(String),
    Reference(Reference),
}

impl Template {
    /// Reads an expression of a text field; `$$` is a dollar sign
    ///
    /// Errors: `bot.expression`, quoting variable names at most.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            plain.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("$$") {
                plain.push('$');
                rest = after;
                continue;
            }
            let (reference, after) = Reference::parse(rest)?;
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Reference(reference));
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Template(pieces))
    }

    /// The references in it, in order
    pub(crate) fn references(&self) -> impl Iterator<Item = &Reference> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Reference(reference) => Some(reference),
        })
    }

    /// The text, if there is no variable in it
    pub(crate) fn constant(&self) -> Option<String> {
        let plain = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Reference(_) => None,
        };
        self.0.iter().map(plain).collect()
    }

    /// The variable, if the text is one and nothing else
    pub(crate) fn only_variable(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Reference(reference)] => reference.whole_variable(),
            _ => None,
        }
    }

    /// The text with the variables' values
    ///
    /// Errors: `bot.expression` where a value is not there or cannot be written as text.
    pub(crate) fn text(&self, scope: &VariableScope) -> Result<String, Error> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Reference(reference) => out.push_str(&as_text(&reference.value(scope)?, reference)?),
            }
        }
        Ok(out)
    }
}

/// An expression that is one reference and nothing else: `$repository$`
///
/// Errors: `bot.expression`.
pub(crate) fn whole_reference(text: &str) -> Result<Reference, Error> {
    match Reference::parse(text.trim())? {
        (reference, "") => Ok(reference),
        _ => Err(failed("only a single variable is allowed here, as in $name$")),
    }
}

/// A value as a flow writes it into a text; nothing is an empty text
fn as_text(value: &Value, reference: &Reference) -> Result<String, Error> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Boolean(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Text(text) => Ok(text.clone()),
        Value::List(_) | Value::Dictionary(_) => {
            Err(failed(format!("{reference} is {} and cannot be written as a text", value.kind())))
        }
    }
}
