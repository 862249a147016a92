//! Nodes of the package String.

mod assign;
mod before_after;
mod case;
mod compare;
mod find;
mod length;
mod pattern;
mod replace;
mod reverse;
mod split;
mod sub_string;
mod to_boolean;
mod to_number;
mod trim;

pub(crate) use assign::AssignString;
pub(crate) use before_after::BeforeAfter;
pub(crate) use case::Lowercase;
pub(crate) use case::Uppercase;
pub(crate) use compare::Compare;
pub(crate) use find::Find;
pub(crate) use length::Length;
pub(crate) use replace::Replace;
pub(crate) use reverse::Reverse;
pub(crate) use split::Split;
pub(crate) use sub_string::SubString;
pub(crate) use to_boolean::ToBoolean;
pub(crate) use to_number::ToNumber;
pub(crate) use trim::Trim;
