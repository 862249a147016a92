//! How a node ends: where the flow continues, or the error that it fails with.

use std::future::Future;
use std::pin::Pin;

use crate::contract::Error;
use crate::contract::Masker;
use crate::hosts::bot::location::Location;

/// Where the flow continues after a node
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// At the next node
    Next,
    /// After a loop: the innermost one, or the one that is this many loops further out
    Break(u8),
    /// At the next iteration of a loop, which is named in the same way
    Continue(u8),
    /// At the end of the bot
    Stop,
}

/// An error that a node fails with
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// The node that failed, which may be one of a child bot
    pub(crate) origin: Location,
    /// The line of the error in the current bot: for an error of a child bot, the line that runs the child
    pub(crate) line: usize,
    /// The exception type that the throw of the flow names; `None` for the type of every error
    pub(crate) exception: Option<String>,
}

impl Failed {
    pub(crate) fn at(place: &Location, error: Error) -> Self {
        Failed { error, origin: place.clone(), line: place.line, exception: None }
    }

    /// Masks secrets in the message, which may quote a key or a file name that the flow computed
    pub(crate) fn masked(self, masker: &Masker) -> Self {
        Failed { error: self.error.masked(masker), ..self }
    }
}

/// The future of running nodes; boxed, since nodes nest
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Flow, Failed>> + Send + 'a>>;
