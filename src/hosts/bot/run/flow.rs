//! How a node ends: where the flow goes, or the error on its way out.

use std::future::Future;
use std::pin::Pin;

use crate::contract::Error;
use crate::contract::Masker;
use crate::hosts::bot::location::Location;

/// Where the flow goes after a node
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// To the next node
    Next,
    /// Out of the innermost loop
    Break,
    /// To the innermost loop's next round
    Continue,
    /// To the end of the bot
    Stop,
}

/// An error on its way out of the flow
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// The node it came from, which may be one of a child bot
    pub(crate) origin: Location,
    /// The line it came from as the bot at hand sees it: a child's error comes from the line that runs the child
    pub(crate) line: usize,
}

impl Failed {
    pub(crate) fn at(place: &Location, error: Error) -> Self {
        Failed { error, origin: place.clone(), line: place.line }
    }

    /// The same without secrets: a message may name a key or a file that the flow computed
    pub(crate) fn masked(self, masker: &Masker) -> Self {
        Failed { error: self.error.masked(masker), ..self }
    }
}

/// A running piece of a flow; boxed, since flows nest
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Flow, Failed>> + Send + 'a>>;
