//! The service's refusals, one function each, word for word where the words are known.

mod general;
mod git;
mod pipelines;
mod releases;
mod work_items;

pub(crate) use general::*;
pub(crate) use git::*;
pub(crate) use pipelines::*;
pub(crate) use releases::*;
pub(crate) use work_items::*;
