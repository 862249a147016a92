//! Texts that contain variables.

use crate::contract::Error;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression_error;

/// A text that contains references: `https://dev.azure.com/$organization$`
#[derive(Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(String),
    Reference(Reference),
}

impl Template {
    /// Parses the expression of a text field; `$$` is a dollar sign
    ///
    /// Errors: `bot.expression`, which quotes only variable names.
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

    /// Returns the references, in order
    pub(crate) fn references_mut(&mut self) -> impl Iterator<Item = &mut Reference> {
        self.0.iter_mut().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Reference(reference) => Some(reference),
        })
    }

    /// Returns the text, if it contains no variable
    pub(crate) fn constant(&self) -> Option<String> {
        let plain = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Reference(_) => None,
        };
        self.0.iter().map(plain).collect()
    }

    /// Returns the reference, if the text consists of one
    pub(crate) fn only_reference(&self) -> Option<&Reference> {
        match self.0.as_slice() {
            [Piece::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// Evaluates the text
    ///
    /// Errors: `bot.expression` if a value is missing or cannot be written as a text.
    pub(crate) fn text(&self, scope: &VariableScope) -> Result<String, Error> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Reference(reference) => out.push_str(&reference.text(scope)?),
            }
        }
        Ok(out)
    }
}

/// Parses an expression that consists of one reference: `$repository$`
///
/// Errors: `bot.expression`.
pub(crate) fn whole_reference(text: &str) -> Result<Reference, Error> {
    match Reference::parse(text.trim())? {
        (reference, "") => Ok(reference),
        _ => Err(expression_error("only a single variable is allowed here, as in $name$")),
    }
}
