//! Expressions of a flow: texts with variables in them, and arithmetic.
//!
//! Expressions are parsed when the bot is checked, and evaluated when it runs.

mod arithmetic;
mod method;
mod path_part;
mod reference;
mod system;
mod template;

pub(crate) use arithmetic::Arithmetic;
pub(crate) use arithmetic::add;
pub(crate) use arithmetic::subtract;
pub(crate) use method::count;
pub(crate) use path_part::PathPart;
pub(crate) use path_part::no_key;
pub(crate) use reference::Base;
pub(crate) use reference::Reference;
pub(crate) use system::MASKED;
pub(crate) use system::SystemVariable;
pub(crate) use template::Template;
pub(crate) use template::whole_reference;

#[cfg(test)]
mod tests;
