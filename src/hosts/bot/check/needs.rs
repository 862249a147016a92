//! What a flow needs: its actions and its credentials.

use crate::contract::CredentialReference;
use crate::contract::LockerCredential;
use crate::contract::Needs;
use crate::contract::OrganizationUrl;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

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
    pub(in crate::hosts::bot) field: String,
    pub(in crate::hosts::bot) bot: usize,
    pub(in crate::hosts::bot) variable: Option<String>,
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
