//! The needs of a flow: its actions and its credentials.

use crate::contract::CredentialReference;
use crate::contract::LockerCredential;
use crate::contract::Needs;
use crate::contract::OrganizationUrl;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

/// An action of the flow and its needs
pub struct NodeNeeds {
    /// The location in the flow
    pub place: Location,
    /// The name of the bot
    pub bot: String,
    /// The action
    pub card: &'static ActionCard,
    /// The needs of the action with the options that the flow selects; all possible needs if an option is computed
    pub needs: Needs,
    /// The actions whose work the node does too, with the options that the flow selects: `create project`
    pub performs: Vec<&'static str>,
    /// The organization that the node connects to, unless it is computed
    pub organization: Option<OrganizationUrl>,
}

/// A use of a credential in the flow
#[derive(Debug)]
pub struct CredentialUse {
    /// The location in the flow
    pub place: Location,
    /// How the flow refers to the credential
    pub source: CredentialSource,
    /// Every credential that the variable may hold, if no node assigns it
    pub resolved: Vec<CredentialSource>,
    /// The organization of the credential, unless it is computed
    pub organization: Option<OrganizationUrl>,
    pub(in crate::hosts::bot) field: String,
    pub(in crate::hosts::bot) bot: usize,
    pub(in crate::hosts::bot) variable: Option<String>,
}

impl CredentialUse {
    /// Returns the credentials that may be used, as far as they are known
    pub fn sources(&self) -> impl Iterator<Item = &CredentialSource> {
        if self.resolved.is_empty() { std::slice::from_ref(&self.source) } else { &self.resolved }.iter()
    }
}

/// How a flow refers to a credential
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// A credential of the Credential Vault, which the operator maps to a reference
    Locker(LockerCredential),
    /// A reference to a credential in a store
    Reference(CredentialReference),
    /// A variable
    Variable(String),
    /// An insecure string: the token is in the flow
    Insecure,
}
