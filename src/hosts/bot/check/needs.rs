//! The needs of a flow: its actions and its credentials.

use crate::contract::CredentialReference;
use crate::contract::LockerCredential;
use crate::contract::Needs;
use crate::contract::OrganizationUrl;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;
use crate::package::AlsoPerforms;

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
    /// The options that the flow selects with which the node does another action's work too
    pub performs: Vec<&'static AlsoPerforms>,
    /// The same, of fields whose value is known only when the bot runs
    pub may_perform: Vec<&'static AlsoPerforms>,
    /// The organizations that the node connects to
    pub organizations: NodeOrganizations,
}

/// The organizations that a node may connect to
#[derive(Debug, PartialEq, Eq)]
pub enum NodeOrganizations {
    /// It does not connect
    None,
    /// These, each of which is a constant or a value of a variable that no node assigns
    Known(Vec<OrganizationUrl>),
    /// They are known only when the bot runs
    Computed,
}

/// The field with the organization that a node connects to
const ORGANIZATION: &str = "organizationUrl";

impl NodeNeeds {
    /// Sets what the value of a field decides: the organization, and whether the node does another action's work
    ///
    /// `values` are all that the field may have, or `None` if they are known only when the bot runs.
    pub(in crate::hosts::bot) fn set(&mut self, field: &str, values: Option<&[Value]>) {
        if field == ORGANIZATION {
            self.organizations = match values {
                Some(values) => NodeOrganizations::Known(values.iter().filter_map(organization).collect()),
                None => NodeOrganizations::Computed,
            };
        }
        for also in self.card.also_performs().iter().filter(|also| also.field == field) {
            self.may_perform.retain(|one| one.field != also.field || one.value != also.value);
            match values {
                Some(values) if !values.iter().any(|value| also.is(value)) => {}
                Some(values) if values.iter().all(|value| also.is(value)) => self.performs.push(also),
                None if also.is_always() => self.performs.push(also),
                _ => self.may_perform.push(also),
            }
        }
    }

    /// Returns whether the value of a field matters to the operator's policy
    pub(in crate::hosts::bot) fn depends_on(card: &ActionCard, field: &str) -> bool {
        field == ORGANIZATION || card.also_performs().iter().any(|also| also.field == field)
    }

    /// Returns the organization that the node connects to, if it is the only one
    pub(in crate::hosts::bot) fn only_organization(&self) -> Option<&OrganizationUrl> {
        match &self.organizations {
            NodeOrganizations::Known(known) if known.len() == 1 => known.first(),
            _ => None,
        }
    }
}

fn organization(value: &Value) -> Option<OrganizationUrl> {
    OrganizationUrl::parse(value.as_text()?).ok()
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
