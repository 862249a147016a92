//! What a check of a bot and its child bots finds.

use crate::contract::ErrorCode;
use crate::hosts::bot::check::CredentialUse;
use crate::hosts::bot::check::NodeNeeds;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Program;

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
    pub(in crate::hosts::bot) program: Program,
}

impl Analysis {
    /// Nothing found yet
    pub(in crate::hosts::bot) fn of(program: Program) -> Self {
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
    pub(in crate::hosts::bot) fn sort(&mut self) {
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
