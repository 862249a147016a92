//! The operator's lockers: credentials as the designer identifies them, mapped to references.

use indexmap::IndexMap;
use time::Date;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::OrganizationUrl;
use crate::contract::Scope;
use crate::contract::printable;

/// How many days before it expires a token causes a warning
const WARNING_DAYS: i64 = 14;

/// One credential of the operator's file
#[derive(Debug, Clone)]
pub struct Locker {
    /// The reference to the token
    pub reference: CredentialReference,
    /// The organization of the token; `None` for any hosted organization
    pub organization: Option<OrganizationUrl>,
    /// The last day on which it is valid, as the operator's file states
    pub expires: Option<Date>,
    /// Its scopes, as the operator's file states; empty when it states none
    pub scopes: Vec<Scope>,
}

/// The operator's mapping of credentials, by `locker/name/attribute`
#[derive(Debug, Clone, Default)]
pub struct Lockers {
    named: IndexMap<String, Locker>,
    /// References that are bound to an organization without a name for flows
    bound: Vec<Locker>,
}

impl Lockers {
    /// Creates the mapping from the operator's file
    pub fn new(lockers: IndexMap<String, Locker>) -> Self {
        Lockers { named: lockers, bound: Vec::new() }
    }

    /// Binds more references to their organizations; no flow can name them as a locker
    #[must_use]
    pub fn binding(mut self, bound: Vec<Locker>) -> Self {
        self.bound.extend(bound);
        self
    }

    /// Returns the mapping of a locker, name and attribute
    pub fn get(&self, credential: &LockerCredential) -> Option<&Locker> {
        // If a part contained `/`, two different credentials could have the same key.
        let parts = [&credential.locker_name, &credential.name, &credential.attribute_name];
        if parts.iter().any(|part| part.contains('/')) {
            return None;
        }
        self.named.get(&credential.to_string())
    }

    /// Returns the names of all mapped credentials, as `locker/name/attribute`
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// Returns every mapped credential, and what is bound without a name
    pub(super) fn all(&self) -> impl Iterator<Item = &Locker> {
        self.named.values().chain(&self.bound)
    }
}

impl Locker {
    /// Returns the warning for the operator when the token is about to expire or has expired
    ///
    /// `credential` is its name: `devops/azdo/pat`.
    pub fn expiry_warning(&self, credential: &str, today: Date) -> Option<String> {
        let expires = self.expires?;
        let credential = printable(credential, 512);
        match (expires - today).whole_days() {
            ..0 => Some(format!("the token of {credential} expired on {expires}; create a new one")),
            0 => Some(format!("the token of {credential} expires today; create a new one")),
            1 => Some(format!("the token of {credential} expires tomorrow; create a new one")),
            days @ ..=WARNING_DAYS => Some(format!(
                "the token of {credential} expires on {expires}, in {days} days; create a new one"
            )),
            _ => None,
        }
    }
}

/// Returns the same error whether the locker, the credential or its attribute is missing
pub(super) fn not_mapped(credential: &LockerCredential, organization: &OrganizationUrl) -> Error {
    let key = printable(&credential.to_string(), 512);
    let message = format!("The operator's file has no credential \"{key}\"");
    let in_toml = key.replace('\\', "\\\\").replace('"', "\\\"");
    Error::new(ErrorCode::CredentialNotFound, message).help(format!(
        "Add it to azdo-bot.toml:\n\n\
         [lockers.\"{in_toml}\"]\n\
         reference = \"file:/run/secrets/azdo-pat\"\n\
         organization = \"{organization}\"\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TextKind as _;
    use time::Month;

    fn locker(expires: Option<Date>) -> Locker {
        let reference = CredentialReference::parse("env:AZDO_PAT").unwrap();
        Locker { reference, organization: None, expires, scopes: Vec::new() }
    }

    #[test]
    fn a_token_causes_a_warning_from_fourteen_days_before_it_expires() {
        let day = |day| Date::from_calendar_date(2027, Month::March, day).unwrap();
        let rows = [
            (16, None),
            (15, Some("expires on 2027-03-15, in 14 days")),
            (2, Some("expires tomorrow")),
            (1, Some("expires today")),
        ];
        for (expires, expected) in rows {
            let warning = locker(Some(day(expires))).expiry_warning("devops/azdo/pat", day(1));
            assert_eq!(warning.is_some(), expected.is_some(), "{expires}: {warning:?}");
            assert!(warning.unwrap_or_default().contains(expected.unwrap_or_default()), "{expires}");
        }
        let past = locker(Some(day(1))).expiry_warning("devops/azdo/pat", day(2)).unwrap();
        assert_eq!(past, "the token of devops/azdo/pat expired on 2027-03-01; create a new one");
        assert_eq!(locker(None).expiry_warning("devops/azdo/pat", day(1)), None);
    }

    #[test]
    fn parts_with_a_slash_never_share_a_key() {
        let lockers = Lockers::new([("a/b/c".to_owned(), locker(None))].into_iter().collect());
        let of = |locker: &str, name: &str, attribute: &str| LockerCredential {
            locker_name: locker.to_owned(),
            name: name.to_owned(),
            attribute_name: attribute.to_owned(),
        };
        assert!(lockers.get(&of("a", "b", "c")).is_some());
        for other in [of("a/b", "", "c"), of("a/b", "c", ""), of("", "a/b", "c"), of("A", "b", "c")] {
            assert!(lockers.get(&other).is_none(), "{other}");
        }
    }
}
