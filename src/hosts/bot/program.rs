//! A bot with its child bots, checked and ready to run.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::contract::read_json;
use crate::files::Guarded;
use crate::hosts::bot::checker::Declarations;
use crate::hosts::bot::file::MAX_BYTES;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::nodes::Node;
use crate::hosts::bot::scope::Scope;
use crate::hosts::bot::variables::Kind;

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
    /// A text is turned into what the variable holds; of lists and dictionaries it is JSON. Errors:
    /// `input.invalid` for an input that is unknown, missing, or does not fit; the value is never quoted.
    pub(super) fn root_scope(&self, inputs: Dictionary) -> Result<Scope, Error> {
        let root = self.root();
        let invalid = |message: String| Err(Error::new(ErrorCode::InputInvalid, message));
        if let Some((name, _)) =
            self.inputs().find(|(name, required)| *required && !inputs.contains_key(*name))
        {
            return invalid(format!("the bot \"{}\" requires the input \"{name}\"", root.name));
        }
        let scope = root.scope();
        for (name, value) in inputs {
            let Some(variable) = root.variables.get(&name).filter(|variable| variable.input) else {
                let near = nearest(&name, self.inputs().map(|(name, _)| name));
                let hint = did_you_mean(near);
                return invalid(format!(
                    "the bot \"{}\" has no input \"{}\"{hint}",
                    root.name,
                    printable(&name, 64)
                ));
            };
            let value = match (&variable.kind, value) {
                (Kind::List | Kind::Dictionary, Value::Text(json)) => read_json(json.as_bytes(), MAX_BYTES)
                    .map_err(|fault| {
                    Error::new(ErrorCode::InputInvalid, format!("the input \"{name}\": {fault}"))
                })?,
                (_, value) => value,
            };
            let Some(value) = variable.kind.keep(value) else {
                return invalid(format!("the input \"{name}\" does not fit: it is {}", variable.kind));
            };
            scope.set(&name, value);
        }
        Ok(scope)
    }
}

impl Bot {
    /// The bot's variables as they are before its first node
    pub(super) fn scope(&self) -> Scope {
        let scope = Scope::new(&self.name);
        for variable in self.variables.values() {
            scope.declare(&variable.name, variable.default.clone());
        }
        scope
    }

    /// The bot's outputs as they are now
    pub(super) fn outputs(&self, scope: &Scope) -> Dictionary {
        let outputs = self.variables.values().filter(|variable| variable.output);
        outputs.map(|variable| (variable.name.clone(), scope.read(&variable.name, Value::clone))).collect()
    }
}
