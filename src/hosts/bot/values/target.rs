//! The variable that a node writes its result to.

use crate::hosts::bot::values::VariableKind;

/// A variable that takes a result
#[derive(Debug)]
pub(crate) struct TargetVariable {
    pub(crate) name: String,
    pub(crate) kind: VariableKind,
}
