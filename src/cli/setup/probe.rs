//! The probe of `doctor` and `check`: signs in and finds out which needs are met. Decision 0062.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::Findings;
use crate::contract::Masker;
use crate::contract::Needs;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::contract::is_access_token;
use crate::contract::least_token;
use crate::contract::token_shape;
use crate::devops::ConnectRequest;
use crate::devops::Connection;
use crate::devops::Network;
use crate::devops::NetworkOptions;

/// The time limit of the whole probe
const LIMIT: Duration = Duration::from_secs(55);

/// What a probe cannot find out
pub(in crate::cli) const LIMITS: &str = "At project level: a repository, pipeline or folder may say otherwise, and a Stakeholder licence \
     allows less than its permissions say.";

/// The result of a probe
pub(in crate::cli) struct Probe {
    pub(in crate::cli) connection: Connection,
    pub(in crate::cli) findings: Findings,
    /// The form of the token
    pub(in crate::cli) token: TokenForm,
    /// The round trip of a request on an open connection
    pub(in crate::cli) round_trip: Duration,
    /// The warning if the token expires soon
    pub(in crate::cli) expiry_warning: Option<String>,
    /// Masks the token in all of it
    pub(in crate::cli) masker: Masker,
}

/// What may be shown of a token
#[derive(Clone)]
pub(in crate::cli) struct TokenForm {
    /// Its length and form, as text
    pub(in crate::cli) shape: String,
    scheme: Scheme,
}

impl ProbeConnection {
    /// Signs in and finds out which needs are met; changes nothing
    ///
    /// If the sign-in fails, the error describes the form of the token.
    pub(in crate::cli) async fn probe(
        &self,
        options: NetworkOptions,
        tokens: &dyn TokenSource,
        needs: &[Needs],
    ) -> Result<Probe, Error> {
        let mut tokens = ObservedTokens { tokens, look: Mutex::default(), masker: Masker::default() };
        match self.connect_and_check(options, &tokens, needs).await {
            Ok(probe) => Ok(Probe { masker: std::mem::take(&mut tokens.masker), ..probe }),
            Err(error) => {
                let error = error.excerpt(&tokens.masker);
                Err(match tokens.look() {
                    Some(look) => error.with("token", look.shape),
                    None => error,
                })
            }
        }
    }

    async fn connect_and_check(
        &self,
        options: NetworkOptions,
        tokens: &ObservedTokens<'_>,
        needs: &[Needs],
    ) -> Result<Probe, Error> {
        let network = Network::new(options);
        let call = Call::until(Instant::now() + LIMIT);
        let request = ConnectRequest {
            organization: &self.organization,
            project: &self.project,
            credential: Credential::Reference(self.credential.clone()),
            scheme: Scheme::Basic,
        };
        let connection = network.connect(request, tokens, &call).await?;
        let findings = connection.client(&call, tokens).preflight(needs).await?;
        let sent = Instant::now();
        connection.client(&call, tokens).check().await?;
        let round_trip = sent.elapsed();
        let expiry_warning = connection.stated(tokens).expiry_warning;
        let token = tokens.look().expect("a connection has a token");
        Ok(Probe { connection, findings, token, round_trip, expiry_warning, masker: Masker::default() })
    }
}

impl Probe {
    /// The token's user, with the account if it is known
    pub(in crate::cli) fn user(&self) -> String {
        let identity = self.connection.identity();
        match &identity.account {
            Some(account) => format!("{} <{account}>", identity.name),
            None => identity.name.clone(),
        }
    }

    /// The page on which personal access tokens are created; none for a token of Microsoft Entra
    pub(in crate::cli) fn token_page(&self) -> Option<String> {
        let page = || format!("{}/_usersSettings/tokens", self.connection.organization());
        (self.token.scheme == Scheme::Basic).then(page)
    }

    /// The token to create and the permissions to request, one line each
    ///
    /// The token is listed if a scope is missing; for the needs of a flow also if a scope cannot be determined.
    pub(in crate::cli) fn advice(&self, needs: &[Needs], own: bool) -> Vec<String> {
        let lacking = self.findings.lacking(needs);
        let mut lines = Vec::new();
        let unsure = |needs: &Needs| needs.scope.is_some_and(|scope| !self.findings.sight(scope).is_there());
        let to_make = !lacking.scopes.is_empty() || (own && needs.iter().any(unsure));
        if let Some(page) = self.token_page().filter(|_| to_make) {
            let scopes = least_token(needs.iter().filter_map(|needs| needs.scope));
            let labels: Vec<&str> = scopes.iter().copied().map(Scope::label).collect();
            lines.push(format!("Create a token with: {}", labels.join("; ")));
            lines.push(format!("  at {page}"));
        }
        for permissions in lacking.to_ask_for() {
            lines.push(format!("Ask for: {permissions} > {}", self.connection.identity().name));
        }
        lines
    }
}

/// A token source that records the form of each token
struct ObservedTokens<'s> {
    tokens: &'s dyn TokenSource,
    look: Mutex<Option<TokenForm>>,
    masker: Masker,
}

impl ObservedTokens<'_> {
    /// The form of the last token
    fn look(&self) -> Option<TokenForm> {
        self.look.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenSource for ObservedTokens<'_> {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move {
            let token = self.tokens.token(credential, target).await?;
            // The command has no argument for the method: the form of the token decides.
            let token = if is_access_token(&token) { token.as_bearer() } else { token };
            self.masker.remember(&token);
            let look = TokenForm { shape: token_shape(&token), scheme: token.scheme() };
            *self.look.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
            Ok(token)
        })
    }

    fn refused(&self, token: &Secret) {
        self.tokens.refused(token);
    }

    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        self.tokens.stated(credential, target)
    }
}
