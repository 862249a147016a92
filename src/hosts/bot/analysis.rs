//! What a check of a bot and its child bots finds.

use crate::contract::CredentialReference;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::Needs;
use crate::contract::OrganizationUrl;
use crate::hosts::bot::location::Fault;
use crate::hosts::bot::location::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::program::Program;
use crate::package::ActionCard;

/// What a bot and its child bots need, and what keeps them from running
///
/// Files stand in the order they are first called, nodes in reading order. What is listed is what
/// could be read: a file with faults still has needs.
pub struct Analysis {
    /// What keeps the bot from running; empty if nothing does
    pub faults: Vec<Fault>,
    /// What the author should know
    pub warnings: Vec<FlowWarning>,
    /// Every action of this package that the flow may call
    pub needs: Vec<NodeNeeds>,
    /// Every credential that the flow names
    pub credentials: Vec<CredentialUse>,
    pub(super) program: Program,
}

/// One action of the flow, and what it needs there
pub struct NodeNeeds {
    /// Where it stands
    pub place: Location,
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
    pub place: Location,
    /// How it is named
    pub source: CredentialSource,
    /// Of a variable that no node changes: every credential that it may hold
    pub resolved: Vec<CredentialSource>,
    /// The organization that it is for, where the flow writes it out
    pub organization: Option<OrganizationUrl>,
    pub(super) field: String,
    pub(super) bot: usize,
    pub(super) variable: Option<String>,
}

impl CredentialUse {
    /// The credentials that may be meant, as far as they are known
    pub fn sources(&self) -> impl Iterator<Item = &CredentialSource> {
        if self.resolved.is_empty() { std::slice::from_ref(&self.source) } else { &self.resolved }.iter()
    }
}

/// How a flow names a credential
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// A credential of the vault, to be mapped by the operator
    Locker(LockerCredential),
    /// A reference to a place in a store
    Reference(CredentialReference),
    /// A variable
    Variable(String),
    /// The token stands in the flow
    Insecure,
}

impl Analysis {
    /// Nothing found yet
    pub(super) fn of(program: Program) -> Self {
        Analysis {
            faults: Vec::new(),
            warnings: Vec::new(),
            needs: Vec::new(),
            credentials: Vec::new(),
            program,
        }
    }

    /// Adds a fault that is not the flow's own, in the order of files and nodes
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
        self.sort();
    }

    /// Puts what was found into the order of files and nodes
    pub(super) fn sort(&mut self) {
        let files: Vec<&str> = self.program.bots.iter().map(|bot| bot.file.as_str()).collect();
        let order = |place: &Location| (files.iter().position(|file| *file == place.file), place.line);
        self.faults.sort_by_key(|fault| order(&fault.place));
        self.warnings.sort_by_key(|warning| order(&warning.place));
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
            fault.error.code() == ErrorCode::BotUnreadable
                && fault.place == Location::file(self.program.file())
        })
    }
}
