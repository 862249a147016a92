//! Connect: who the token's user is and the project, asked side by side.

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::devops::connect_error::ConnectError;
use crate::devops::connect_error::SignInResponses;
use crate::devops::connection::Connection;
use crate::devops::error_text::ErrorText;
use crate::devops::identity;
use crate::devops::network::Network;
use crate::devops::project;
use crate::devops::project::ConnectedProject;
use crate::devops::response::ResponseClass;
use crate::devops::response_error;
use crate::devops::sign_in_response::SignInResponse;
use crate::devops::token_refresh::resolve;
use crate::devops::token_state::TokenState;
use crate::devops::transport::Transport;

/// What a connection is opened to, and with what
#[derive(Debug)]
pub struct ConnectRequest<'a> {
    /// The organization
    pub organization: &'a OrganizationUrl,
    /// The project, by name or id
    pub project: &'a ProjectName,
    /// The credential; the connection keeps it, to resolve it again when its token is refused
    pub credential: Credential,
    /// How its token signs in, unless the token itself says Bearer
    pub scheme: Scheme,
}

/// Where a Connect came to: an organization, and a project of it unless that is missing
pub struct ConnectOutcome {
    connection: Connection,
    missing: Option<Error>,
}

impl ConnectOutcome {
    /// Whether the project is not there
    pub fn is_project_missing(&self) -> bool {
        self.missing.is_some()
    }

    /// The connection
    ///
    /// Errors: `project.not_found` if the project is not there.
    pub fn connected(self) -> Result<Connection, Error> {
        match self.missing {
            Some(error) => Err(error),
            None => Ok(self.connection),
        }
    }

    /// The connection to the organization alone, for requests at its level
    pub fn organization(&self) -> &Connection {
        &self.connection
    }

    /// The connection to a project that was made meanwhile
    pub fn with_project(self, project: ConnectedProject) -> Connection {
        Connection { project, ..self.connection }
    }
}

/// `near` says whether a project that is missing is looked for under names near to it
pub(super) async fn connect(
    network: &Network,
    base: String,
    request: ConnectRequest<'_>,
    tokens: &dyn TokenSource,
    call: &Call,
    near: bool,
) -> Result<ConnectOutcome, Error> {
    let ConnectRequest { organization, project: name, credential, scheme } = request;
    let key = network.keys().key(&credential);
    let target = ConnectTarget { organization, project: name, scheme };
    let token = resolve(call, tokens, &credential, target).await?;
    let transport = network.transport(organization, base, key, token.scheme())?;
    let place = ErrorText::new(organization, token.scheme());

    let (who, what) = (identity::request(), project::request(name));
    let ask_who = async {
        let url = who.url(&transport.base, "", &[])?;
        transport.ask(call, &who, &url, &token).await.map(SignInResponse::identity)
    };
    let ask_what = async {
        // The first request leaves before the second is made, and is under way meanwhile.
        tokio::task::yield_now().await;
        let url = what.url(&transport.base, "", &[])?;
        transport.ask(call, &what, &url, &token).await.map(SignInResponse::<project::ProjectRecord>::of)
    };
    let (user, found) = tokio::join!(ask_who, ask_what);
    let judge = SignInResponses { place: &place, token: &token, name, who: &who, what: &what };
    let (user, project, missing) = match judge.first_fault(user.as_ref().ok(), found.as_ref().ok()) {
        Some(ConnectError::Error(error)) => return Err(error),
        Some(ConnectError::NoSuchProject) => {
            let near = match near {
                true => near_names(&transport, call, name, &token).await,
                false => Vec::new(),
            };
            let error =
                response_error::with_origin(judge.no_such_project(&near), &found?.answer, &what, &token);
            match user.and_then(|user| user.into_value(&who, &place, &token)) {
                Ok(user) => (
                    user,
                    ConnectedProject { id: String::new(), name: name.as_str().to_owned() },
                    Some(error),
                ),
                Err(_) => return Err(error),
            }
        }
        // Where neither says what is wrong, the first that is not usable speaks for itself.
        None => {
            let user = user?.into_value(&who, &place, &token)?;
            (user, found?.into_value(&what, &place, &token)?.project(), None)
        }
    };
    let identity = user.identity().ok_or_else(|| place.not_accepted())?;
    transport.user.identify(&identity.id);
    let connection = Connection {
        identity,
        instance_id: user.instance_id(),
        project,
        requested: name.clone(),
        credential,
        scheme,
        keys: network.keys().clone(),
        access: TokenState::new(token),
        transport,
        place,
    };
    Ok(ConnectOutcome { connection, missing })
}

/// Names near to the one that is not there; a look that fails finds none
async fn near_names(transport: &Transport, call: &Call, name: &ProjectName, token: &Secret) -> Vec<String> {
    let request = project::all();
    let Ok(url) = request.url(&transport.base, "", &[]) else { return Vec::new() };
    match transport.ask(call, &request, &url, token).await {
        Ok(answer) if answer.meaning() == ResponseClass::Done => project::near(name.as_str(), &answer.body),
        _ => Vec::new(),
    }
}
