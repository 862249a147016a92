//! The variable that a node assigns its result to.

use crate::hosts::bot::values::VariableKind;

/// A variable that a result is assigned to
#[derive(Debug)]
pub(crate) struct TargetVariable {
    pub(crate) name: String,
    pub(crate) kind: VariableKind,
}
