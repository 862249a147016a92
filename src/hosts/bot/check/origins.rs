//! Where the value of a text or credential variable comes from, for those that no node changes.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableKind;

/// What a child's input is given
#[derive(Debug)]
pub(crate) enum Origin {
    /// A value that is written out
    Written(Value),
    /// What a variable of the parent holds
    Variable(String),
    /// Only the run knows
    Computed,
}

impl Origin {
    /// Where the value of an expression comes from
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
    /// The bot it stands in, and the one it runs
    pub(crate) parent: usize,
    pub(crate) child: usize,
    /// The child's inputs that it gives
    pub(crate) inputs: Vec<(String, Origin)>,
}

/// What is known of all bots' variables
pub(crate) struct Origins<'a> {
    pub(crate) declarations: Vec<&'a Declarations>,
    /// The variables that nodes change, by the bot's number
    pub(crate) assigned: Vec<HashSet<String>>,
    pub(crate) calls: Vec<ChildCall>,
    /// The root's inputs, if they are known
    pub(crate) inputs: Option<&'a Dictionary>,
}

type Known = HashMap<(usize, String), Option<Vec<Value>>>;

impl Origins<'_> {
    /// Every value that a variable may have; none if only the run knows
    pub(crate) fn values(&self, bot: usize, variable: &str) -> Option<Vec<Value>> {
        self.look_up(bot, variable, &mut Known::new())
    }

    /// Whether something outside the bot may fill a variable
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
