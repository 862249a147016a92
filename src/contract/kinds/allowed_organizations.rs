//! The organizations that the operator's policy allows.

use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::PolicyRule;

/// The organizations that may be used, with the rule of the operator
#[derive(Debug, Clone)]
pub struct AllowedOrganizations {
    /// The organizations
    pub allowed: Vec<OrganizationUrl>,
    /// The rule
    pub rule: PolicyRule,
}

impl AllowedOrganizations {
    /// Checks whether an organization may be used, under any of its addresses
    ///
    /// Errors: `policy.denied`.
    pub fn check(&self, organization: &OrganizationUrl) -> Result<(), Error> {
        if self.allowed.iter().any(|one| one.identity() == organization.identity()) {
            return Ok(());
        }
        Err(self.rule.denies(&format!("the {} {organization}", organization.service().organization()), ""))
    }
}
