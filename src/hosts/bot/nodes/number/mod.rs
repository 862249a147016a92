//! Nodes of the package Number.

mod assign;
mod random;
mod step;
mod to_text;

pub(crate) use assign::AssignNumber;
pub(crate) use random::RandomNumber;
pub(crate) use random::between;
pub(crate) use step::Decrement;
pub(crate) use step::Increment;
pub(crate) use to_text::NumberToText;
