//! A bot of a program, without its nodes.

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::VariableScope;

/// A bot of a program
#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) variables: Declarations,
}

impl Bot {
    /// Returns the variables of the bot with their defaults
    pub(crate) fn scope(&self) -> VariableScope {
        let scope = VariableScope::new(&self.name);
        for variable in self.variables.values() {
            scope.declare(&variable.name, variable.default.clone());
        }
        scope
    }

    /// Returns the current values of the outputs
    pub(crate) fn outputs(&self, scope: &VariableScope) -> Dictionary {
        let outputs = self.variables.values().filter(|variable| variable.output);
        outputs.map(|variable| (variable.name.clone(), scope.read(&variable.name, Value::clone))).collect()
    }
}
