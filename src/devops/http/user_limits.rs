//! The limits of each user: one rate limiter and one retry budget for each organization and identity.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::time::Instant;

use crate::contract::Scheme;
use crate::contract::Secret;
use crate::devops::http::credential_key::CredentialKey;
use crate::devops::limits::rate_limiter::RateLimiter;
use crate::devops::limits::retry_budget::RetryBudget;
use crate::devops::limits::shared_rate_limit::SharedRateLimit;
use crate::devops::limits::shared_rate_limit::UserKey;

/// With so many users in memory, those in the initial state are removed
const REMEMBERED: usize = 256;

/// The limits of all requests of one user to one organization
pub(crate) struct UserLimits {
    pub(crate) limiter: RateLimiter,
    pub(crate) budget: RetryBudget,
}

impl UserLimits {
    pub(crate) fn new() -> Self {
        UserLimits { limiter: RateLimiter::new(), budget: RetryBudget::new() }
    }

    fn is_idle(&self) -> bool {
        self.limiter.is_idle() && self.budget.is_full()
    }
}

/// A credential in one organization and with one scheme
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CredentialScope {
    pub(crate) organization: String,
    pub(crate) credential: CredentialKey,
    pub(crate) scheme: Scheme,
}

/// The users of a process
#[derive(Default)]
pub(crate) struct Users {
    known: Mutex<Known>,
    /// The limits that the process shares with others
    shared: Option<Arc<dyn SharedRateLimit>>,
}

#[derive(Default)]
struct Known {
    credentials: HashMap<Arc<CredentialScope>, Owner>,
    identities: HashMap<(String, String), Arc<UserLimits>>,
    /// The size at which unused entries are removed
    sweep_at: usize,
}

enum Owner {
    /// The user of the credential is not known yet
    Unknown(Arc<UserLimits>),
    /// The id of the user
    Known(String),
}

impl Users {
    /// Creates the users of a process that shares their limits with others
    pub(crate) fn sharing(limit: Arc<dyn SharedRateLimit>) -> Self {
        Users { known: Mutex::default(), shared: Some(limit) }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the limits of the user of a credential, or those of the credential if the user is not known
    ///
    /// All connections with the credential share its key, which is returned too.
    fn of(&self, key: CredentialScope) -> (Arc<CredentialScope>, Arc<UserLimits>) {
        let mut known = self.known();
        known.sweep();
        let (key, limits) = match known.credentials.get_key_value(&key) {
            Some((key, Owner::Unknown(limits))) => (key.clone(), Some(limits.clone())),
            Some((key, Owner::Known(id))) => {
                let limits = known.identities.get(&(key.organization.clone(), id.clone()));
                (key.clone(), limits.cloned())
            }
            None => (Arc::new(key), None),
        };
        let limits = limits.unwrap_or_else(|| {
            let limits = Arc::new(UserLimits::new());
            known.credentials.insert(key.clone(), Owner::Unknown(limits.clone()));
            limits
        });
        (key, limits)
    }

    /// Returns the limits of a known user; `used` are the limits of the requests so far
    fn identified(&self, key: &Arc<CredentialScope>, id: &str, used: &Arc<UserLimits>) -> Arc<UserLimits> {
        let mut known = self.known();
        let before = known.credentials.insert(key.clone(), Owner::Known(id.to_owned()));
        let was_unknown = matches!(&before, Some(Owner::Unknown(limits)) if Arc::ptr_eq(limits, used));
        let limits = known.identities.entry((key.organization.clone(), id.to_owned())).or_insert_with(|| {
            // The limits of an unknown user become those of the user, unless the credential had another user.
            if was_unknown { used.clone() } else { Arc::new(UserLimits::new()) }
        });
        let limits = limits.clone();
        drop(known);
        if let Some(shared) = &self.shared {
            limits.limiter.share(shared.clone(), UserKey::of(&key.organization, id));
        }
        if was_unknown && !Arc::ptr_eq(&limits, used) {
            limits.limiter.join(&used.limiter);
        }
        limits
    }
}

impl Known {
    fn sweep(&mut self) {
        if self.credentials.len() + self.identities.len() < self.sweep_at.max(REMEMBERED) {
            return;
        }
        let is_needed = |limits: &Arc<UserLimits>| Arc::strong_count(limits) > 1 || !limits.is_idle();
        self.identities.retain(|_, limits| is_needed(limits));
        let identities = &self.identities;
        self.credentials.retain(|key, owner| match owner {
            Owner::Unknown(limits) => is_needed(limits),
            Owner::Known(id) => identities.contains_key(&(key.organization.clone(), id.clone())),
        });
        self.sweep_at = 2 * (self.credentials.len() + self.identities.len());
    }
}

/// The user of a connection, whose limits apply to its requests
pub(crate) struct CurrentUser {
    users: Arc<Users>,
    key: Arc<CredentialScope>,
    limits: Mutex<Arc<UserLimits>>,
    /// The token, if no process that shares the limits knew its user
    unknown_token: Mutex<Option<UserKey>>,
}

impl CurrentUser {
    pub(crate) fn new(users: Arc<Users>, key: CredentialScope) -> Self {
        let (key, limits) = users.of(key);
        CurrentUser { users, key, limits: Mutex::new(limits), unknown_token: Mutex::default() }
    }

    /// Shares the limits before the user is known: those of the user that another process learned for the token, or else
    /// those of the token
    pub(crate) async fn share(&self, token: &Secret, deadline: Instant) {
        let (Some(shared), limits) = (&self.users.shared, self.limits()) else { return };
        if limits.limiter.is_shared() {
            return;
        }
        let token = UserKey::of_token(&self.key.organization, token);
        let user = tokio::time::timeout_at(deadline, shared.user_of(token)).await.ok().flatten();
        limits.limiter.share(shared.clone(), user.flatten().unwrap_or(token));
        match user {
            Some(Some(_)) => {}
            Some(None) => *self.unknown_token() = Some(token),
            None => limits.limiter.lose_store(),
        }
    }

    fn unknown_token(&self) -> MutexGuard<'_, Option<UserKey>> {
        self.unknown_token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limits(&self) -> Arc<UserLimits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Records the user that the service stated
    pub(crate) fn identify(&self, id: &str) {
        let limits = self.users.identified(&self.key, id, &self.limits());
        if let (Some(shared), Some(token)) = (&self.users.shared, self.unknown_token().take()) {
            shared.tell_user(token, UserKey::of(&self.key.organization, id));
        }
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Credential;
    use crate::contract::TextKind as _;
    use crate::devops::http::credential_key::CredentialKeys;

    fn user(users: &Arc<Users>, organization: &str, reference: &str) -> CurrentUser {
        let credential = CredentialKeys::new().key(&Credential::parse(reference).expect("it is a reference"));
        let organization = organization.to_owned();
        CurrentUser::new(users.clone(), CredentialScope { organization, credential, scheme: Scheme::Basic })
    }

    fn same(one: &CurrentUser, other: &CurrentUser) -> bool {
        Arc::ptr_eq(&one.limits(), &other.limits())
    }

    #[test]
    fn limits_belong_to_the_user_as_soon_as_the_user_is_known() {
        let users = Arc::new(Users::default());
        let (first, retryable) = (user(&users, "fabrikam", "env:A"), user(&users, "fabrikam", "env:A"));
        assert!(same(&first, &retryable), "one credential");
        let second = user(&users, "fabrikam", "env:B");
        assert!(!same(&first, &second), "it may be another user's");
        first.identify("mona");
        assert!(same(&first, &retryable), "what was learned before is the user's");
        second.identify("mona");
        assert!(same(&first, &second), "two credentials of one user");
        assert!(same(&first, &user(&users, "fabrikam", "env:B")), "it is known from now on");
        let elsewhere = user(&users, "contoso", "env:A");
        elsewhere.identify("mona");
        assert!(!same(&first, &elsewhere), "each organization counts for itself");
        retryable.identify("hubot");
        assert!(!same(&first, &retryable), "the credential's token is another user's now");
        first.identify("mona");
        assert!(same(&first, &second));
    }

    #[test]
    fn unused_limits_are_removed_when_there_are_many() {
        let users = Arc::new(Users::default());
        let kept = user(&users, "fabrikam", "env:KEPT");
        kept.identify("mona");
        let spent = user(&users, "fabrikam", "env:SPENT");
        spent.identify("hubot");
        assert!(spent.limits().budget.spend());
        drop(spent);
        for number in 0..2000 {
            user(&users, "fabrikam", &format!("env:N{number}")).identify(&format!("user {number}"));
        }
        let known = users.known();
        assert!(known.credentials.len() + known.identities.len() < 2 * REMEMBERED + 2);
        let id = |name: &str| ("fabrikam".to_owned(), name.to_owned());
        assert!(known.identities.contains_key(&id("mona")) && known.identities.contains_key(&id("hubot")));
    }
}
