//! The result of checking a bot and its child bots.

use crate::contract::ErrorCode;
use crate::hosts::bot::check::CredentialUse;
use crate::hosts::bot::check::NodeNeeds;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Program;

/// The result of checking a bot and its child bots: their needs, and what prevents them from running
///
/// Files are in the order of their first calls, nodes in reading order. The analysis has everything that
/// could be read: a file with faults still has needs.
pub struct Analysis {
    /// What prevents the bot from running; empty if it can run
    pub faults: Vec<Fault>,
    /// Warnings to the author of the flow
    pub warnings: Vec<FlowWarning>,
    /// Every action of this package that the flow may call
    pub needs: Vec<NodeNeeds>,
    /// Every credential that the flow refers to
    pub credentials: Vec<CredentialUse>,
    /// The number of nodes and branches that are not disabled
    pub enabled_nodes: usize,
    /// The number of these that this host supports
    pub supported_nodes: usize,
    pub(in crate::hosts::bot) program: Program,
}

impl Analysis {
    /// Creates an analysis without findings
    pub(in crate::hosts::bot) fn of(program: Program) -> Self {
        Analysis {
            faults: Vec::new(),
            warnings: Vec::new(),
            needs: Vec::new(),
            credentials: Vec::new(),
            enabled_nodes: 0,
            supported_nodes: 0,
            program,
        }
    }

    /// Adds a fault that was found elsewhere, in the order of files and nodes
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
        self.sort();
    }

    /// Adds a warning that was found elsewhere, in the order of files and nodes
    pub fn add_warning(&mut self, warning: FlowWarning) {
        self.warnings.push(warning);
        self.sort();
    }

    /// Sorts the findings by file and node
    pub(in crate::hosts::bot) fn sort(&mut self) {
        let files: Vec<&str> = self.program.bots.iter().map(|bot| bot.file.as_str()).collect();
        let order = |place: &Location| (files.iter().position(|file| *file == place.file), place.line);
        self.faults.sort_by_key(|fault| order(&fault.place));
        self.warnings.sort_by_key(|warning| order(&warning.place));
    }

    /// Returns whether an input of the root is a credential
    pub fn takes_credential(&self, name: &str) -> bool {
        self.program.takes_credential(name)
    }

    /// Returns the program to run, if there are no faults
    ///
    /// Errors: the faults, in reading order.
    pub fn into_program(self) -> Result<Program, Vec<Fault>> {
        if self.faults.is_empty() { Ok(self.program) } else { Err(self.faults) }
    }

    /// Returns whether the first file is a bot file
    pub fn is_bot_file(&self) -> bool {
        !self.faults.first().is_some_and(|fault| {
            fault.error.code() == ErrorCode::BotUnreadable
                && fault.place == Location::file(self.program.file())
        })
    }
}
