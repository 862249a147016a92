//! What `doctor` and `check` ask the service: who the token is, and what of some needs is there.

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
use crate::contract::least_token;
use crate::contract::token_shape;
use crate::devops::ConnectRequest;
use crate::devops::Connection;
use crate::devops::Network;
use crate::devops::NetworkOptions;

/// How long all of it may take
const LIMIT: Duration = Duration::from_secs(55);

/// What nobody can ask beforehand
pub(in crate::cli) const LIMITS: &str = "At project level: a repository, pipeline or folder may say otherwise, and a Stakeholder licence\n\
     allows less than its permissions say.";

/// What the service told
pub(in crate::cli) struct Probe {
    pub(in crate::cli) connection: Connection,
    pub(in crate::cli) findings: Findings,
    /// What the token looks like
    pub(in crate::cli) token: Look,
    /// From a question to its answer, on a connection that is open
    pub(in crate::cli) round_trip: Duration,
    /// What to tell when the token ends soon
    pub(in crate::cli) expiry_warning: Option<String>,
    /// What hides the token in all of it
    pub(in crate::cli) masker: Masker,
}

/// A token as it may be spoken of
#[derive(Clone)]
pub(in crate::cli) struct Look {
    /// Its length and form, in words
    pub(in crate::cli) shape: String,
    scheme: Scheme,
}

impl ProbeConnection {
    /// Signs in and asks; nothing is changed
    ///
    /// When nobody is signed in, the error tells what the token looks like.
    pub(in crate::cli) async fn probe(
        &self,
        options: NetworkOptions,
        tokens: &dyn TokenSource,
        needs: &[Needs],
    ) -> Result<Probe, Error> {
        let mut tokens = Seen { tokens, look: Mutex::default(), masker: Masker::default() };
        match self.ask(options, &tokens, needs).await {
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

    async fn ask(&self, options: NetworkOptions, tokens: &Seen<'_>, needs: &[Needs]) -> Result<Probe, Error> {
        let network = Network::new(options);
        let call = Call::until(Instant::now() + LIMIT);
        let request = ConnectRequest {
            organization: &self.organization,
            project: &self.project,
            credential: Credential::Reference(self.credential.clone()),
            scheme: Scheme::Basic,
        };
        let connection = network.connect(request, tokens, &call).await?;
        let findings = connection.preflight(&call, tokens, needs).await?;
        let asked = Instant::now();
        connection.check(&call, tokens).await?;
        let round_trip = asked.elapsed();
        let expiry_warning = connection.stated(tokens).expiry_warning;
        let token = tokens.look().expect("nobody connects without a token");
        Ok(Probe { connection, findings, token, round_trip, expiry_warning, masker: Masker::default() })
    }
}

impl Probe {
    /// Who the token's user is, with the account if it is known
    pub(in crate::cli) fn who(&self) -> String {
        let identity = self.connection.identity();
        match &identity.account {
            Some(account) => format!("{} <{account}>", identity.name),
            None => identity.name.clone(),
        }
    }

    /// Where tokens of the organization are made; one of Microsoft Entra is made nowhere there
    pub(in crate::cli) fn token_page(&self) -> Option<String> {
        let page = || format!("{}/_usersSettings/tokens", self.connection.organization());
        (self.token.scheme == Scheme::Basic).then(page)
    }

    /// The token to make, and what to ask for, one line each
    ///
    /// A token is to be made where a scope is missing; where the needs are a flow's own, also where nobody can tell.
    pub(in crate::cli) fn advice(&self, needs: &[Needs], own: bool) -> Vec<String> {
        let lacking = self.findings.lacking(needs);
        let mut lines = Vec::new();
        let unsure = |needs: &Needs| needs.scope.is_some_and(|scope| !self.findings.sight(scope).is_there());
        let to_make = !lacking.scopes.is_empty() || (own && needs.iter().any(unsure));
        if let Some(page) = self.token_page().filter(|_| to_make) {
            let scopes = least_token(needs.iter().filter_map(|needs| needs.scope));
            let labels: Vec<&str> = scopes.iter().copied().map(Scope::label).collect();
            lines.push(format!("Make a token with: {}", labels.join("; ")));
            lines.push(format!("  at {page}"));
        }
        for permissions in lacking.to_ask_for() {
            lines.push(format!("Ask for: {permissions} > {}", self.connection.identity().name));
        }
        lines
    }
}

/// Tokens on their way, each looked at
struct Seen<'s> {
    tokens: &'s dyn TokenSource,
    look: Mutex<Option<Look>>,
    masker: Masker,
}

impl Seen<'_> {
    /// What the last one looks like
    fn look(&self) -> Option<Look> {
        self.look.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenSource for Seen<'_> {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move {
            let token = self.tokens.token(credential, target).await?;
            self.masker.remember(&token);
            let look = Look { shape: token_shape(&token), scheme: token.scheme() };
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
