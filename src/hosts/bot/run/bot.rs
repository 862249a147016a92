//! One bot of a program, without its nodes.

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::VariableScope;

/// One bot file
#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) variables: Declarations,
}

impl Bot {
    /// The bot's variables as they are before its first node
    pub(crate) fn scope(&self) -> VariableScope {
        let scope = VariableScope::new(&self.name);
        for variable in self.variables.values() {
            scope.declare(&variable.name, variable.default.clone());
        }
        scope
    }

    /// The bot's outputs as they are now
    pub(crate) fn outputs(&self, scope: &VariableScope) -> Dictionary {
        let outputs = self.variables.values().filter(|variable| variable.output);
        outputs.map(|variable| (variable.name.clone(), scope.read(&variable.name, Value::clone))).collect()
    }
}
