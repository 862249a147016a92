//! A bot with its child bots, checked and ready to run.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::contract::read_json;
use crate::files::Guarded;
use crate::hosts::bot::checker::Declarations;
use crate::hosts::bot::file::MAX_BYTES;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::nodes::Node;
use crate::hosts::bot::variable_scope::VariableScope;
use crate::hosts::bot::variables::VariableKind;

/// A bot with its child bots; the first is the root
#[derive(Debug)]
pub struct Program {
    pub(super) bots: Vec<Bot>,
    pub(super) folder: Folder,
    pub(super) guarded: Vec<Guarded>,
}

/// One bot file
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) variables: Declarations,
    pub(super) nodes: Vec<Node>,
}

impl Program {
    pub(super) fn root(&self) -> &Bot {
        self.bots.first().expect("a program has its root")
    }

    /// The root's file, relative to the repository folder
    pub fn file(&self) -> &str {
        &self.root().file
    }

    /// The flow's bot files, and where others would be run in their place: no action of it writes there
    pub fn guarded(&self) -> &[Guarded] {
        &self.guarded
    }

    /// The root's name
    pub fn name(&self) -> &str {
        &self.root().name
    }

    /// The root's inputs by name, each with whether it has to be given
    pub fn inputs(&self) -> impl Iterator<Item = (&str, bool)> {
        let inputs = self.root().variables.values().filter(|variable| variable.input);
        inputs.map(|variable| (variable.name.as_str(), variable.required))
    }

    /// The root's variables with its inputs in them
    ///
    /// Errors: the first that [`Program::check_inputs`] finds.
    pub(super) fn root_scope(&self, inputs: &Dictionary) -> Result<VariableScope, Error> {
        if let Some(error) = self.missing_inputs(inputs).next() {
            return Err(error);
        }
        let scope = self.root().scope();
        for (name, value) in inputs {
            scope.set(name, self.input(name, value)?);
        }
        Ok(scope)
    }

    /// What is wrong with the root's inputs, all at once
    ///
    /// A text is turned into what the variable holds; of lists and dictionaries it is JSON. Errors:
    /// `input.invalid` for an input that is unknown, missing, or does not fit; the value is never quoted.
    pub(super) fn check_inputs(&self, inputs: &Dictionary) -> Vec<Error> {
        let given = inputs.iter().filter_map(|(name, value)| self.input(name, value).err());
        self.missing_inputs(inputs).chain(given).collect()
    }

    fn missing_inputs<'a>(&'a self, inputs: &'a Dictionary) -> impl Iterator<Item = Error> + 'a {
        let missing = self.inputs().filter(|(name, required)| *required && !inputs.contains_key(*name));
        missing.map(|(name, _)| {
            let message = format!("the bot \"{}\" requires the input \"{name}\"", self.root().name);
            Error::new(ErrorCode::InputInvalid, message).help("Give it as `--input NAME=VALUE`.")
        })
    }

    /// An input of the root as its variable keeps it
    fn input(&self, name: &str, value: &Value) -> Result<Value, Error> {
        let root = self.root();
        let invalid = |message: String| {
            Error::new(ErrorCode::InputInvalid, message)
                .help("Inputs are variables that the bot declares as such; correct the name or the value.")
        };
        let Some(variable) = root.variables.get(name).filter(|variable| variable.input) else {
            let hint = did_you_mean(nearest(name, self.inputs().map(|(name, _)| name)));
            let shown = printable(name, 256);
            let error = invalid(format!("the bot \"{}\" has no input \"{shown}\"{hint}", root.name));
            return Err(if holds_token(name) { error.help(TOKEN_AS_NAME) } else { error });
        };
        let value = match (&variable.kind, value) {
            (VariableKind::List | VariableKind::Dictionary, Value::Text(json)) => {
                read_json(json.as_bytes(), MAX_BYTES)
                    .map_err(|fault| invalid(format!("the input \"{name}\": {fault}")))?
            }
            (_, value) => value.clone(),
        };
        let does_not_fit = || invalid(format!("the input \"{name}\" does not fit: it is {}", variable.kind));
        variable.kind.keep(value).ok_or_else(does_not_fit)
    }
}

impl Bot {
    /// The bot's variables as they are before its first node
    pub(super) fn scope(&self) -> VariableScope {
        let scope = VariableScope::new(&self.name);
        for variable in self.variables.values() {
            scope.declare(&variable.name, variable.default.clone());
        }
        scope
    }

    /// The bot's outputs as they are now
    pub(super) fn outputs(&self, scope: &VariableScope) -> Dictionary {
        let outputs = self.variables.values().filter(|variable| variable.output);
        outputs.map(|variable| (variable.name.clone(), scope.read(&variable.name, Value::clone))).collect()
    }
}
