//! What a check of a bot and its child bots finds.

use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::Needs;
use crate::hosts::bot::place::Fault;
use crate::hosts::bot::place::Place;
use crate::hosts::bot::place::Warning;
use crate::hosts::bot::program::Program;
use crate::package::ActionCard;

/// What a bot and its child bots need, and what keeps them from running
///
/// Files stand in the order they are first called, nodes in reading order. What is listed is what
/// could be read: a file with faults still has needs.
pub struct Survey {
    /// What keeps the bot from running; empty if nothing does
    pub faults: Vec<Fault>,
    /// What the author should know
    pub warnings: Vec<Warning>,
    /// Every action of this package that the flow may call
    pub needs: Vec<NodeNeeds>,
    /// Every credential that the flow names
    pub credentials: Vec<CredentialUse>,
    pub(super) program: Program,
}

/// One action of the flow, and what it needs there
pub struct NodeNeeds {
    /// Where it stands
    pub place: Place,
    /// The bot's name
    pub bot: String,
    /// The action
    pub card: &'static ActionCard,
    /// What it needs with the choices that the flow makes; the most that it may, where they are made at run time
    pub needs: Needs,
}

/// One place where the flow names a credential
#[derive(Debug)]
pub struct CredentialUse {
    /// Where it stands
    pub place: Place,
    /// How it is named
    pub source: CredentialSource,
}

/// How a flow names a credential
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// A credential of the vault, to be mapped by the operator
    Locker(LockerCredential),
    /// A variable, known only at run time
    Variable(String),
    /// The token stands in the flow
    Insecure,
}

impl Survey {
    /// Nothing found yet
    pub(super) fn of(program: Program) -> Self {
        Survey {
            faults: Vec::new(),
            warnings: Vec::new(),
            needs: Vec::new(),
            credentials: Vec::new(),
            program,
        }
    }

    /// The program to run, if nothing is at fault
    ///
    /// Errors: the faults, in reading order.
    pub fn into_program(self) -> Result<Program, Vec<Fault>> {
        if self.faults.is_empty() { Ok(self.program) } else { Err(self.faults) }
    }

    /// Whether the first file could be read as a bot file at all
    pub fn is_bot_file(&self) -> bool {
        !self.faults.first().is_some_and(|fault| {
            fault.error.code() == ErrorCode::BotUnreadable && fault.place == Place::file(self.program.file())
        })
    }
}
