//! Opens a connection: two requests sent side by side, for the token's user and for the project.

use std::sync::Arc;

use crate::contract::Call;
use crate::contract::Error;
use crate::contract::ProjectName;
use crate::contract::Secret;
use crate::devops::auth::authenticator::Authenticator;
use crate::devops::auth::connect_request::ConnectRequest;
use crate::devops::auth::identity;
use crate::devops::auth::sign_in_response::SignInResponse;
use crate::devops::client::connection::Connection;
use crate::devops::client::project::ConnectedProject;
use crate::devops::client::reported_ids::ReportedIds;
use crate::devops::connect::connect_error::ConnectError;
use crate::devops::connect::connect_error::SignInResponses;
use crate::devops::connect::connect_outcome::ConnectOutcome;
use crate::devops::connect::project_lookup;
use crate::devops::connect::project_lookup::ProjectRecord;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::response_error;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::http::credential_key::CredentialKeys;
use crate::devops::http::transport::Transport;
use crate::devops::message::response_class::ResponseClass;

/// What a connection is opened with
pub(crate) struct ConnectAttempt<'a> {
    pub(crate) request: ConnectRequest<'a>,
    pub(crate) token: Secret,
    pub(crate) transport: Transport,
    pub(crate) keys: Arc<CredentialKeys>,
    pub(crate) reported_ids: Arc<ReportedIds>,
    /// Whether the error of a missing project lists projects with similar names
    pub(crate) suggest: bool,
}

/// Opens the connection
pub(crate) async fn open(attempt: ConnectAttempt<'_>, call: &Call) -> Result<ConnectOutcome, Error> {
    let ConnectAttempt { request, token, transport, keys, reported_ids, suggest } = attempt;
    let name = request.project;
    let error_text = ErrorText::new(request.organization, token.scheme());

    let (user_request, project_request) = (identity::request(), project_lookup::request(name));
    let send_user = async {
        let url = user_request.url(&transport.base, "", &[])?;
        transport.send(call, &user_request, &url, &token).await.map(SignInResponse::identity)
    };
    let send_project = async {
        // Let the first request be sent before the second one is built.
        tokio::task::yield_now().await;
        let url = project_request.url(&transport.base, "", &[])?;
        transport.send(call, &project_request, &url, &token).await.map(SignInResponse::<ProjectRecord>::of)
    };
    let (user, found) = tokio::join!(send_user, send_project);
    let responses = SignInResponses {
        error_text: &error_text,
        token: &token,
        name,
        user_request: &user_request,
        project_request: &project_request,
    };
    let (user, project, missing) = match responses.first_error(user.as_ref().ok(), found.as_ref().ok()) {
        Some(ConnectError::Error(error)) => return Err(error),
        Some(ConnectError::ProjectNotFound) => {
            let similar = match suggest {
                true => similar_names(&transport, call, name, &token).await,
                false => Vec::new(),
            };
            let error = responses.project_not_found(&similar);
            let error = response_error::with_origin(error, &found?.response, &project_request, &token);
            match user.and_then(|user| user.into_value(&user_request, &error_text, &token)) {
                Ok(user) => {
                    let project = ConnectedProject::new(String::new(), name.as_str().to_owned());
                    (user, project, Some(error))
                }
                Err(_) => return Err(error),
            }
        }
        // Neither response explains the failure: the first one that cannot be used is the error.
        None => {
            let user = user?.into_value(&user_request, &error_text, &token)?;
            (user, found?.into_value(&project_request, &error_text, &token)?.project(), None)
        }
    };
    let unexplained = TokenRefusal::Unexplained { is_unmarked: false };
    let identity = user.identity().ok_or_else(|| error_text.refused(&unexplained, &token))?;
    transport.user.identify(&identity.id);
    let connection = Connection {
        identity,
        instance_id: user.instance_id(),
        project,
        authenticator: Authenticator::new(request, keys, token),
        transport,
        reported_ids,
    };
    Ok(ConnectOutcome { connection, missing })
}

/// Returns the names of projects similar to the missing one; none if the list cannot be read
async fn similar_names(
    transport: &Transport,
    call: &Call,
    name: &ProjectName,
    token: &Secret,
) -> Vec<String> {
    let request = project_lookup::all();
    let Ok(url) = request.url(&transport.base, "", &[]) else { return Vec::new() };
    match transport.send(call, &request, &url, token).await {
        Ok(response) if response.class() == ResponseClass::Success => {
            project_lookup::similar(name.as_str(), &response.body)
        }
        _ => Vec::new(),
    }
}
