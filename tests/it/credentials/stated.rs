//! The scopes and expiry that the operator states for a credential.

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Scope;
use azdo_bot::contract::Secret;
use azdo_bot::contract::Stated;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Locker;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;

use crate::credentials::support::CONTOSO;
use crate::credentials::support::by_locker;
use crate::credentials::support::by_reference;
use crate::credentials::support::environment;
use crate::credentials::support::reference;
use crate::credentials::support::token;

#[test]
fn it_is_found_by_locker_and_by_reference_only_for_its_organization() {
    let locker = Locker {
        reference: reference("env:AZDO_PAT"),
        organization: OrganizationUrl::parse(CONTOSO).ok(),
        expires: time::Date::from_calendar_date(2020, time::Month::January, 1).ok(),
        scopes: vec![Scope::CodeWrite],
    };
    let lockers = Lockers::new([("devops/azdo/pat".to_owned(), locker)].into_iter().collect());
    // The variable does not exist, so nothing is read.
    let vault = CredentialResolver::new(environment(&[]), lockers, StorePolicy::default());
    let stated = |credential: &Credential, organization: &str| {
        let organization = OrganizationUrl::parse(organization).expect("it is an organization");
        let project = ProjectName::parse("Web").expect("it is a name");
        vault.stated(credential, ConnectTarget::new(&organization, &project, Scheme::Basic))
    };
    for credential in [by_locker("devops", "azdo", "pat"), by_reference("env:AZDO_PAT")] {
        let found = stated(&credential, CONTOSO);
        assert_eq!(found.scopes, [Scope::CodeWrite]);
        assert!(found.expiry_warning.is_some_and(|warning| warning.contains("expired on 2020-01-01")));
    }
    for (credential, organization) in [
        (by_reference("env:AZDO_PAT"), "https://dev.azure.com/fabrikam"),
        (by_reference("env:OTHER"), CONTOSO),
        (by_locker("devops", "azdo", "other"), CONTOSO),
        (Credential::Insecure(Secret::new(token(52))), CONTOSO),
    ] {
        assert_eq!(stated(&credential, organization), Stated::default());
    }
}
