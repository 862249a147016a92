//! Resolves a credential to its token: checks who references it and for which organization, then reads the store.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::OrganizationForm;
use crate::contract::OrganizationUrl;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::StoreClient;
use crate::contract::TokenSource;
use crate::contract::printable;
use crate::contract::utc_now;
use crate::credentials::deadline::STORE_LIMIT;
use crate::credentials::deadline::in_time;
use crate::credentials::deadline::on_a_thread;
use crate::credentials::env::EnvLookup;
use crate::credentials::locker::Locker;
use crate::credentials::locker::Lockers;
use crate::credentials::locker::not_mapped;
use crate::credentials::policy::StorePolicy;
use crate::credentials::stores::Stores;

/// The stores and the operator's lockers
pub struct CredentialResolver {
    shared: Arc<Shared>,
    command_line: HashSet<CredentialReference>,
}

/// The parts that the reading thread shares
struct Shared {
    stores: Stores,
    lockers: Lockers,
}

/// Where a reference comes from
#[derive(Clone, Copy, PartialEq, Eq)]
enum NamedBy {
    /// A bot: only what the operator allows, and only for hosted organizations unless it is bound
    Bot,
    /// A locker of the operator's file: any reference, and only for hosted organizations unless it is bound
    Locker,
    /// The command line of this process: any reference, for every allowed organization unless it is bound
    CommandLine,
}

/// Why a token will not be available
#[derive(Debug)]
pub enum Foreseen {
    /// The flow and the operator's file do not allow it: it may not be referenced, or belongs to another organization
    Refused(Error),
    /// The store does not have it now
    Missing(Error),
}

/// The reference to a token, and what is known about it
struct Wanted {
    /// The credential as the bot named it, for messages
    label: String,
    reference: CredentialReference,
    named_by: NamedBy,
    /// The organization of its locker
    organization: Option<OrganizationUrl>,
}

impl CredentialResolver {
    /// Creates a resolver for the stores of this machine
    pub fn new(lookup: EnvLookup, lockers: Lockers, policy: StorePolicy) -> Self {
        Self::reaching(lookup, lockers, policy, None)
    }

    /// Creates a resolver that also reads stores over the network
    pub fn reaching(
        lookup: EnvLookup,
        lockers: Lockers,
        policy: StorePolicy,
        client: Option<Arc<dyn StoreClient>>,
    ) -> Self {
        let shared = Shared { stores: Stores::new(lookup, policy, client), lockers };
        CredentialResolver { shared: Arc::new(shared), command_line: HashSet::new() }
    }

    /// Trusts a reference from the command line of this process
    #[must_use]
    pub fn trusting(mut self, reference: CredentialReference) -> Self {
        self.command_line.insert(reference);
        self
    }

    /// Returns the token of a reference from the command line, without a check of the organization
    ///
    /// Errors: `credential.not_found`, `credential.invalid_format`, `credential.timeout`.
    pub async fn read_reference(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        self.shared.in_time(reference, self.shared.stores.read(reference)).await
    }

    /// Predicts whether resolving a credential will fail, as far as this machine can know
    ///
    /// It reads environment variables and files, but no store that is a program, a server or the system's
    /// keyring. Without an organization, it does not compare the organization of the token.
    pub async fn foresee(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationUrl>,
    ) -> Result<(), Foreseen> {
        let wanted = match (credential, organization) {
            (Credential::Insecure(_), _) => return Ok(()),
            (Credential::Reference(reference), _) => self.by_reference(reference),
            (Credential::Locker(name), Some(organization)) => {
                self.by_locker(name, organization).map_err(Foreseen::Refused)?
            }
            (Credential::Locker(name), None) => match self.shared.lockers.get(name) {
                Some(locker) => Wanted { named_by: NamedBy::Locker, ..self.by_reference(&locker.reference) },
                None => return Ok(()),
            },
        };
        let reference = wanted.reference.clone();
        let organization = organization.cloned();
        let shared = Arc::clone(&self.shared);
        let admitted = on_a_thread(move || {
            let store = shared.stores.store(&wanted.reference)?;
            match organization {
                Some(organization) => shared.admit(&wanted, &organization),
                None if wanted.named_by == NamedBy::Bot => store.admit(&wanted.reference),
                None => Ok(()),
            }
        });
        self.shared.in_time(&reference, admitted).await.map_err(Foreseen::Refused)?;
        match reference.store.as_str() {
            "env" | "file" => {
                let read = self.shared.in_time(&reference, self.shared.stores.read(&reference)).await;
                read.map(drop).map_err(Foreseen::Missing)
            }
            _ => Ok(()),
        }
    }

    fn by_reference(&self, reference: &CredentialReference) -> Wanted {
        let by_hand = self.command_line.contains(reference);
        Wanted {
            label: reference.to_string(),
            reference: reference.clone(),
            named_by: if by_hand { NamedBy::CommandLine } else { NamedBy::Bot },
            organization: None,
        }
    }

    fn by_locker(&self, name: &LockerCredential, organization: &OrganizationUrl) -> Result<Wanted, Error> {
        let locker = self.shared.lockers.get(name).ok_or_else(|| not_mapped(name, organization))?;
        Ok(Wanted {
            label: name.to_string(),
            reference: locker.reference.clone(),
            named_by: NamedBy::Locker,
            organization: locker.organization.clone(),
        })
    }
}

impl TokenSource for CredentialResolver {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move {
            let wanted = match credential {
                Credential::Insecure(token) => return Ok(token.another()),
                Credential::Reference(reference) => self.by_reference(reference),
                Credential::Locker(name) => self.by_locker(name, target.organization)?,
            };
            let label = printable(&wanted.label, 512);
            let reference = wanted.reference.clone();
            let organization = target.organization.clone();
            let shared = Arc::clone(&self.shared);
            let work = async {
                // The file system resolves the path, and it may hang.
                on_a_thread(move || shared.admit(&wanted, &organization)).await?;
                let read = self.shared.stores.read(&reference).await;
                read.map_err(|error| error.with("credential", &label))
            };
            // A refused reference is not in the context, since it may be a token in the wrong field.
            self.shared.in_time(&reference, work).await.map_err(|error| match error.code() {
                ErrorCode::CredentialTimeout => error.with("credential", &label),
                _ => error,
            })
        })
    }

    fn refused(&self, token: &Secret) {
        self.shared.stores.forget(token);
    }

    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        let lockers = &self.shared.lockers;
        let (label, locker) = match credential {
            Credential::Insecure(_) => return Stated::default(),
            Credential::Locker(name) => (name.to_string(), lockers.get(name)),
            Credential::Reference(reference) => {
                let ours = |locker: &&Locker| {
                    locker.reference == *reference
                        && locker
                            .organization
                            .as_ref()
                            .is_none_or(|own| own.identity() == target.organization.identity())
                };
                (reference.to_string(), lockers.all().find(ours))
            }
        };
        let Some(locker) = locker else { return Stated::default() };
        let today = utc_now().date();
        Stated { scopes: locker.scopes.clone(), expiry_warning: locker.expiry_warning(&label, today) }
    }
}

impl Shared {
    /// Waits for work on a reference until the time limit of stores
    async fn in_time<T>(
        &self,
        reference: &CredentialReference,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let help = || self.stores.store(reference).ok()?.help_when_late(reference);
        in_time(STORE_LIMIT, reference, help, work).await
    }

    /// Checks that the reference may be used, for this organization; may block
    fn admit(&self, wanted: &Wanted, organization: &OrganizationUrl) -> Result<(), Error> {
        if wanted.named_by == NamedBy::Bot {
            self.stores.store(&wanted.reference)?.admit(&wanted.reference)?;
        }
        self.check_organization(wanted, organization)
            .map_err(|error| error.with("credential", printable(&wanted.label, 512)))
    }

    /// Rejects a token for another organization than its own
    ///
    /// A reference is bound by all lockers that point to the same secret, so that a direct reference does
    /// not bypass the locker.
    fn check_organization(&self, wanted: &Wanted, organization: &OrganizationUrl) -> Result<(), Error> {
        let bound: Vec<&OrganizationUrl> = match wanted.named_by {
            NamedBy::Locker => wanted.organization.iter().collect(),
            NamedBy::Bot | NamedBy::CommandLine => self
                .lockers
                .all()
                .filter(|locker| self.leads_to(locker, &wanted.reference))
                .filter_map(|locker| locker.organization.as_ref())
                .collect(),
        };
        if bound.iter().any(|own| own.identity() == organization.identity()) {
            return Ok(());
        }
        let label = printable(&wanted.label, 512);
        if let Some(own) = bound.first() {
            let message = format!("The credential {label} is for {own}, not for {organization}");
            return Err(
                Error::new(ErrorCode::CredentialOrganizationMismatch, message).on(organization.service())
            );
        }
        if wanted.named_by == NamedBy::CommandLine || organization.form() != OrganizationForm::Other {
            return Ok(());
        }
        let message = format!(
            "The credential {label} is not bound to {organization}, and without a binding it is valid for the hosted \
             service only"
        );
        Err(Error::new(ErrorCode::CredentialOrganizationMismatch, message).help(format!(
            "Let the operator map it in azdo-bot.toml as a locker with `organization = \"{organization}\"`."
        )))
    }

    fn leads_to(&self, locker: &Locker, reference: &CredentialReference) -> bool {
        locker.reference.store == reference.store
            && self.stores.store(reference).is_ok_and(|store| store.same(&locker.reference, reference))
    }
}
