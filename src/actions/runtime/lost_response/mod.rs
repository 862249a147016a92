//! Settling a change whose response is lost.

mod candidate;
mod comparison;
mod mark;
mod settle;

pub(crate) use candidate::Candidate;
pub(crate) use candidate::Created;
pub(crate) use candidate::named;
pub(crate) use comparison::Comparison;
pub(crate) use mark::Mark;
pub(crate) use settle::with_candidates;
