//! The origins of values in text and credential variables that no node assigns.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableKind;

/// The origin of an input of a child bot
#[derive(Debug)]
pub(crate) enum Origin {
    /// A constant value
    Written(Value),
    /// The value of a variable of the parent
    Variable(String),
    /// A value that is known only at run time
    Computed,
}

impl Origin {
    /// Returns the origin of the value of an expression
    pub(crate) fn of(value: &Expr) -> Self {
        match (value.constant(), value.only_variable()) {
            (Some(constant), _) => Origin::Written(constant.clone()),
            (None, Some(variable)) => Origin::Variable(variable.to_owned()),
            (None, None) => Origin::Computed,
        }
    }
}

/// A node that runs a child bot
#[derive(Debug)]
pub(crate) struct ChildCall {
    /// The numbers of the bot with the node and of the bot that it runs
    pub(crate) parent: usize,
    pub(crate) child: usize,
    /// The inputs of the child that are set
    pub(crate) inputs: Vec<(String, Origin)>,
}

/// The origins of the variables of all bots
pub(crate) struct Origins<'a> {
    pub(crate) declarations: Vec<&'a Declarations>,
    /// The variables that nodes assign, by the number of the bot
    pub(crate) assigned: Vec<HashSet<String>>,
    pub(crate) calls: Vec<ChildCall>,
    /// The inputs of the root, if they are known
    pub(crate) inputs: Option<&'a Dictionary>,
}

type Known = HashMap<(usize, String), Option<Vec<Value>>>;

impl Origins<'_> {
    /// Returns every value that a variable may have; `None` if they are known only at run time
    pub(crate) fn values(&self, bot: usize, variable: &str) -> Option<Vec<Value>> {
        self.look_up(bot, variable, &mut Known::new())
    }

    /// Returns whether a variable is an input
    pub(crate) fn is_input(&self, bot: usize, variable: &str) -> bool {
        self.declarations[bot].get(variable).is_some_and(|declared| declared.input)
    }

    fn look_up(&self, bot: usize, variable: &str, known: &mut Known) -> Option<Vec<Value>> {
        let key = (bot, variable.to_owned());
        if let Some(values) = known.get(&key) {
            return values.clone();
        }
        let values = self.find(bot, variable, known);
        known.insert(key, values.clone());
        values
    }

    fn find(&self, bot: usize, variable: &str, known: &mut Known) -> Option<Vec<Value>> {
        let declaration = self.declarations[bot].get(variable)?;
        if !matches!(declaration.kind, VariableKind::Text | VariableKind::Credential)
            || self.assigned[bot].contains(variable)
        {
            return None;
        }
        let default = || declaration.default.clone();
        if !declaration.input {
            return Some(vec![default()]);
        }
        if bot == 0 {
            return Some(vec![self.inputs?.get(variable).cloned().unwrap_or_else(default)]);
        }
        let mut values = Vec::new();
        for call in self.calls.iter().filter(|call| call.child == bot) {
            match call.inputs.iter().find(|(name, _)| name == variable).map(|(_, origin)| origin) {
                None => values.push(default()),
                Some(Origin::Written(value)) => values.push(value.clone()),
                Some(Origin::Variable(name)) => values.extend(self.look_up(call.parent, name, known)?),
                Some(Origin::Computed) => return None,
            }
        }
        let mut different: Vec<Value> = Vec::new();
        values.into_iter().for_each(|value| {
            if !different.contains(&value) {
                different.push(value);
            }
        });
        Some(different)
    }
}
