//! What `doctor` and `check` ask the service: who the token is, and what of some needs is there.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use clap::Args;
use tokio::time::Instant;

use crate::cli::fail::Fail;
use crate::cli::wiring::credential;
use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::Findings;
use crate::contract::Masker;
use crate::contract::Needs;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::TextKind as _;
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
pub(super) const LIMITS: &str = "At project level: a repository, pipeline or folder may say otherwise, and a Stakeholder licence\n\
     allows less than its permissions say.";

/// Connect's own arguments
#[derive(Args)]
pub(super) struct ConnectArguments {
    /// The organization: https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL")]
    organization_url: String,
    /// The project
    #[arg(long, value_name = "NAME")]
    project: String,
    /// Where the token is: env:NAME or file:PATH
    #[arg(long, value_name = "REFERENCE")]
    credential: String,
}

/// The same where they may be left out, all three
#[derive(Args)]
pub(super) struct MaybeConnectArguments {
    /// Compare with what is there: the organization, https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL", requires_all = ["project", "credential"])]
    organization_url: Option<String>,
    /// Compare with what is there: the project
    #[arg(long, value_name = "NAME", requires_all = ["organization_url", "credential"])]
    project: Option<String>,
    /// Compare with what is there: where the token is, env:NAME or file:PATH
    #[arg(long, value_name = "REFERENCE", requires_all = ["organization_url", "project"])]
    credential: Option<String>,
}

/// What is asked about
pub(super) struct ProbeConnection {
    pub(super) organization: OrganizationUrl,
    pub(super) project: ProjectName,
    pub(super) credential: CredentialReference,
}

/// What the service told
pub(super) struct Probe {
    pub(super) connection: Connection,
    pub(super) findings: Findings,
    /// What the token looks like
    pub(super) token: Look,
    /// From a question to its answer, on a connection that is open
    pub(super) round_trip: Duration,
    /// What to tell when the token ends soon
    pub(super) expiry_warning: Option<String>,
    /// What hides the token in all of it
    pub(super) masker: Masker,
}

/// A token as it may be spoken of
#[derive(Clone)]
pub(super) struct Look {
    /// Its length and form, in words
    pub(super) shape: String,
    scheme: Scheme,
}

impl ConnectArguments {
    pub(super) fn target(&self) -> Result<ProbeConnection, Fail> {
        let refused = |name: &str, reason: &str| Fail::usage(format!("{name}: {reason}"));
        Ok(ProbeConnection {
            organization: OrganizationUrl::parse(&self.organization_url)
                .map_err(|refusal| refused("--organization-url", &refusal.reason))?,
            project: ProjectName::parse(&self.project)
                .map_err(|refusal| refused("--project", &refusal.reason))?,
            credential: credential(&self.credential)?,
        })
    }
}

impl MaybeConnectArguments {
    pub(super) fn target(self) -> Result<Option<ProbeConnection>, Fail> {
        let (Some(organization_url), Some(project), Some(credential)) =
            (self.organization_url, self.project, self.credential)
        else {
            return Ok(None);
        };
        ConnectArguments { organization_url, project, credential }.target().map(Some)
    }
}

impl ProbeConnection {
    /// Signs in and asks; nothing is changed
    ///
    /// When nobody is signed in, the error tells what the token looks like.
    pub(super) async fn probe(
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
    pub(super) fn who(&self) -> String {
        let identity = self.connection.identity();
        match &identity.account {
            Some(account) => format!("{} <{account}>", identity.name),
            None => identity.name.clone(),
        }
    }

    /// Where tokens of the organization are made; one of Microsoft Entra is made nowhere there
    pub(super) fn token_page(&self) -> Option<String> {
        let page = || format!("{}/_usersSettings/tokens", self.connection.organization());
        (self.token.scheme == Scheme::Basic).then(page)
    }

    /// The token to make, and what to ask for, one line each
    ///
    /// A token is to be made where a scope is missing; where the needs are a flow's own, also where nobody can tell.
    pub(super) fn advice(&self, needs: &[Needs], own: bool) -> Vec<String> {
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
