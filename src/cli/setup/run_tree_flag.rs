//! The flag of the commands that can join the run tree of another process, and its variable.

use clap::Args;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::RunTreeId;
use crate::contract::TextKind as _;
use crate::setup::Lookup;
use crate::setup::Overrides;

/// The variable with the id, which other users of the machine cannot see
pub(in crate::cli) const RUN_TREE_VARIABLE: &str = "AZDO_RUN_TREE";

/// The flag of the commands that can join the run tree of another process
#[derive(Args, Clone, Default)]
pub(in crate::cli) struct RunTreeFlag {
    /// Join this run tree of another process, through the session store of the operator's file, as AZDO_RUN_TREE does
    #[arg(long, value_name = "ID", value_parser = run_tree)]
    run_tree: Option<RunTreeId>,
}

impl RunTreeFlag {
    /// Adds the flag, or its variable, to what the command line sets
    ///
    /// Errors: `input.invalid` if the variable has no id.
    pub(in crate::cli) fn added_to(&self, overrides: Overrides, lookup: &Lookup) -> Result<Overrides, Error> {
        let run_tree = match (&self.run_tree, lookup(RUN_TREE_VARIABLE)) {
            (Some(id), _) => Some(id.clone()),
            (None, Some(text)) => {
                let id = text.to_str().and_then(|text| RunTreeId::parse(text).ok());
                let message = || format!("{RUN_TREE_VARIABLE} is not {}", RunTreeId::EXPECTED);
                Some(id.ok_or_else(|| Error::new(ErrorCode::InputInvalid, message()))?)
            }
            (None, None) => None,
        };
        Ok(Overrides { run_tree, ..overrides })
    }
}

/// Parses an id; the message does not quote it
fn run_tree(text: &str) -> Result<RunTreeId, String> {
    RunTreeId::parse(text).map_err(|_| format!("must be {}", RunTreeId::EXPECTED))
}
