//! A part of a bot file that most files leave out: without it, it takes the space of a pointer.

use std::ops::Deref;

use serde::Deserialize;
use serde::Deserializer;

/// A part with many members of its own; if it is missing, it reads like an empty one
#[derive(Debug)]
pub(crate) struct Rare<T>(Option<Box<T>>);

/// A part that has an empty form
pub(crate) trait Empty: 'static {
    /// Returns the empty form
    fn empty() -> &'static Self;
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Rare(None)
    }
}

impl<T: Empty> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::empty())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rare<T> {
    /// Reads `null` like a missing part
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Rare)
    }
}
