//! A checked bot with its child bots, ready to run.

use std::time::Duration;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::contract::read_json;
use crate::files::Guarded;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::format::MAX_BYTES;
use crate::hosts::bot::run::Bot;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNodes;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::run_block;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::VariableScope;

/// A checked bot with its child bots, ready to run
#[derive(Debug)]
pub struct Program {
    pub(in crate::hosts::bot) bots: Vec<Bot>,
    /// The nodes of each bot, by the number of the bot
    pub(in crate::hosts::bot) nodes: Vec<Vec<Node>>,
    pub(in crate::hosts::bot) folder: Folder,
    pub(in crate::hosts::bot) guarded: Vec<Guarded>,
    /// Whether a pause of the flow takes its time
    pub(in crate::hosts::bot) delays: bool,
    /// The longest time that the bot may run, from the properties of the root
    pub(in crate::hosts::bot) time_limit: Option<Duration>,
}

impl Program {
    /// Returns the program with pauses that take no time, for tests of the flow
    #[must_use]
    pub fn without_delays(self) -> Self {
        Program { delays: false, ..self }
    }

    pub(in crate::hosts::bot) fn root(&self) -> &Bot {
        self.bots.first().expect("a program has its root")
    }

    /// Resolves when the time limit of the bot is reached; never without one
    pub(in crate::hosts::bot) async fn time_is_over(&self) {
        match self.time_limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    }

    /// Returns the error of a bot whose time is over; an unknown outcome of its last action stays the error
    pub(in crate::hosts::bot) fn out_of_time(&self, stopped: Failed) -> Failed {
        if stopped.error.code() != ErrorCode::Cancelled {
            return stopped;
        }
        let seconds = self.time_limit.unwrap_or_default().as_secs_f64();
        let message = format!("the bot did not finish within {seconds} s; its sessions are closed");
        let error = Error::new(ErrorCode::DeadlineExceeded, message)
            .retry(Retry::Later)
            .help("Raise the timeout in the properties of the bot, or find out why it takes long.");
        Failed { error, ..stopped }
    }

    /// Returns the file of the root, relative to the repository folder
    pub fn file(&self) -> &str {
        &self.root().file
    }

    /// Returns the paths that no action of the flow may write: its bot files, and files that would be run instead of
    /// them
    pub fn guarded(&self) -> &[Guarded] {
        &self.guarded
    }

    /// Returns the name of the root
    pub fn name(&self) -> &str {
        &self.root().name
    }

    /// Returns the names of the inputs of the root, each with whether it is required
    pub fn inputs(&self) -> impl Iterator<Item = (&str, bool)> {
        let inputs = self.root().variables.values().filter(|variable| variable.input);
        inputs.map(|variable| (variable.name.as_str(), variable.required))
    }

    /// Returns whether an input of the root is a credential
    pub(in crate::hosts::bot) fn takes_credential(&self, name: &str) -> bool {
        let variable = self.root().variables.get(name);
        variable.is_some_and(|variable| variable.input && variable.kind == VariableKind::Credential)
    }

    /// Returns the variables of the root with these inputs
    ///
    /// Errors: the first error of [`Program::check_inputs`].
    pub(in crate::hosts::bot) fn root_scope(&self, inputs: &Dictionary) -> Result<VariableScope, Error> {
        if let Some(error) = self.missing_inputs(inputs).next() {
            return Err(error);
        }
        let scope = self.root().scope();
        for (name, value) in inputs {
            scope.set(name, self.input(name, value)?);
        }
        Ok(scope)
    }

    /// Returns all errors in the inputs of the root
    ///
    /// A text is converted to the type of the variable; for lists and dictionaries, it is JSON. Errors:
    /// `input.invalid` for an input that is unknown, missing, or of the wrong type; the value is never quoted.
    pub(in crate::hosts::bot) fn check_inputs(&self, inputs: &Dictionary) -> Vec<Error> {
        let given = inputs.iter().filter_map(|(name, value)| self.input(name, value).err());
        self.missing_inputs(inputs).chain(given).collect()
    }

    fn missing_inputs<'a>(&'a self, inputs: &'a Dictionary) -> impl Iterator<Item = Error> + 'a {
        let missing = self.inputs().filter(|(name, required)| *required && !inputs.contains_key(name));
        missing.map(|(name, _)| {
            let message = format!("the bot \"{}\" requires the input \"{name}\"", self.root().name);
            Error::new(ErrorCode::InputInvalid, message).help("Give it as `--input NAME=VALUE`.")
        })
    }

    /// Converts an input of the root to the type of its variable
    fn input(&self, name: &str, value: &Value) -> Result<Value, Error> {
        let root = self.root();
        let invalid = |message: String| {
            Error::new(ErrorCode::InputInvalid, message).help("Correct the value of the input.")
        };
        let Some(variable) = root.variables.get(name).filter(|variable| variable.input) else {
            let hint = did_you_mean(nearest(name, self.inputs().map(|(name, _)| name)));
            let shown = printable(name, 256);
            let error = invalid(format!("the bot \"{}\" has no input \"{shown}\"{hint}", root.name));
            let known: Vec<String> = self.inputs().map(|(name, _)| printable(name, 256)).collect();
            return Err(match known.as_slice() {
                _ if holds_token(name) => error.help(TOKEN_AS_NAME),
                [] => error.help("The bot has no inputs: no variable is declared as one."),
                known => error.help(format!("The inputs are: {}.", known.join(", "))),
            });
        };
        let value = match (&variable.kind, value) {
            (VariableKind::List | VariableKind::Dictionary, Value::Text(json)) => {
                read_json(json.as_bytes(), MAX_BYTES)
                    .map_err(|fault| invalid(format!("the input \"{name}\": {fault}")))?
            }
            (_, value) => value.clone(),
        };
        let does_not_fit =
            || invalid(format!("the input \"{name}\" has the wrong type: it is {}", variable.kind));
        variable.kind.keep(value).ok_or_else(does_not_fit)
    }
}

impl RunNodes for Program {
    fn run_nodes<'a>(&'a self, bot: usize, frame: &'a Frame<'_>) -> Running<'a> {
        run_block(&self.nodes[bot], frame)
    }
}
