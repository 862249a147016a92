//! Connect: who the token's user is and the project, asked side by side.

use serde::de::DeserializeOwned;

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::devops::access::Access;
use crate::devops::answer::Answer;
use crate::devops::answer::Meaning;
use crate::devops::body;
use crate::devops::connection::Connection;
use crate::devops::identity;
use crate::devops::network::Network;
use crate::devops::place::Place;
use crate::devops::precedence::Fault;
use crate::devops::precedence::Judge;
use crate::devops::project;
use crate::devops::question::resolve;
use crate::devops::refusal;
use crate::devops::request::Request;
use crate::devops::transport::Transport;

/// What a connection is opened to, and with what
#[derive(Debug)]
pub struct Connect<'a> {
    /// The organization
    pub organization: &'a OrganizationUrl,
    /// The project, by name or id
    pub project: &'a ProjectName,
    /// The credential; the connection keeps it, to resolve it again when its token is refused
    pub credential: Credential,
}

pub(super) async fn connect(
    network: &Network,
    base: String,
    request: Connect<'_>,
    tokens: &dyn TokenSource,
    call: &Call,
) -> Result<Connection, Error> {
    let Connect { organization, project: name, credential } = request;
    let key = network.keys().key(&credential);
    let target = ConnectTarget { organization, project: name };
    let token = resolve(call, tokens, &credential, target).await?;
    let transport = network.transport(organization, base, key)?;
    let place = Place::new(organization);

    let (who, what) = (identity::request(), project::request(name));
    let (who_url, what_url) = (who.url(&transport.base, "", None)?, what.url(&transport.base, "", None)?);
    let (user, found) = tokio::join!(
        transport.ask(call, &who, &who_url, &token),
        transport.ask(call, &what, &what_url, &token)
    );
    let judge = Judge { place: &place, token: &token, name, who: &who, what: &what };
    match judge.first_fault(user.as_ref().ok(), found.as_ref().ok()) {
        Some(Fault::Error(error)) => return Err(error),
        Some(Fault::NoSuchProject) => {
            let near = near_names(&transport, call, name, &token).await;
            return Err(refusal::with_origin(judge.no_such_project(&near), &found?, &what, &token));
        }
        None => {}
    }
    // Where neither says what is wrong, the first that is not usable speaks for itself.
    let user: identity::Wire = read(&user?, &who, &place, &token)?;
    let found: project::Wire = read(&found?, &what, &place, &token)?;
    let project =
        found.usable().map_err(|state| refusal::unreadable(&what, &format!("has the state {state}")))?;
    Ok(Connection {
        identity: user.identity().ok_or_else(|| place.not_accepted())?,
        instance_id: user.instance_id(),
        project,
        requested: name.clone(),
        credential,
        keys: network.keys().clone(),
        access: Access::new(token),
        transport,
        place,
    })
}

/// The value of an answer, or the error that it is
pub(super) fn read<T: DeserializeOwned>(
    answer: &Answer,
    request: &Request<'_>,
    place: &Place,
    token: &Secret,
) -> Result<T, Error> {
    if let Some(error) = refusal::error(answer, request, place, token) {
        return Err(error);
    }
    body::decode(answer)
        .map_err(|reason| refusal::with_origin(refusal::unreadable(request, &reason), answer, request, token))
}

/// Names near to the one that is not there; a look that fails finds none
async fn near_names(transport: &Transport, call: &Call, name: &ProjectName, token: &Secret) -> Vec<String> {
    let request = project::all();
    let Ok(url) = request.url(&transport.base, "", None) else { return Vec::new() };
    match transport.ask(call, &request, &url, token).await {
        Ok(answer) if answer.meaning() == Meaning::Done => project::near(name.as_str(), &answer.body),
        _ => Vec::new(),
    }
}
