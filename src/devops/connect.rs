//! Connect: who the token's user is and the project, asked side by side, and the first fault that fits.

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::contract::printable;
use crate::devops::access::Access;
use crate::devops::answer::Answer;
use crate::devops::answer::Meaning;
use crate::devops::body;
use crate::devops::connection::Connection;
use crate::devops::connection::resolve;
use crate::devops::identity;
use crate::devops::identity::Identity;
use crate::devops::network::Network;
use crate::devops::place::Place;
use crate::devops::project;
use crate::devops::project::Project;
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

/// What Connect found
struct Found {
    identity: Identity,
    instance_id: Option<String>,
    project: Project,
}

/// Why Connect failed; a project that is not there is worth another look
enum Fault {
    Error(Error),
    NoSuchProject(Answer),
}

pub(super) async fn connect(
    network: &Network,
    base: String,
    request: Connect<'_>,
    tokens: &dyn TokenSource,
    call: &Call,
) -> Result<Connection, Error> {
    let Connect { organization, project, credential } = request;
    let key = network.keys().key(&credential);
    let token = resolve(call, tokens, &credential, ConnectTarget { organization, project }).await?;
    let transport = network.transport(organization, base, key.clone())?;
    let place = Place::new(organization);

    let (who, what) = (identity::request(), project::request(project));
    let (who_url, what_url) = (who.url(&transport.base, "", None)?, what.url(&transport.base, "", None)?);
    let (identity, answer) = tokio::join!(
        transport.ask(call, &who, &who_url, &token),
        transport.ask(call, &what, &what_url, &token)
    );
    let judge = Judge { place: &place, token: &token, who: &who, what: &what, name: project };
    let found = match judge.first_fault(identity, answer) {
        Ok(found) => found,
        Err(Fault::Error(error)) => return Err(error),
        Err(Fault::NoSuchProject(answer)) => {
            let near = near_names(&transport, call, project, &token).await;
            return Err(refusal::with_origin(
                no_such_project(&place, project, &near),
                &answer,
                &what,
                &token,
            ));
        }
    };
    Ok(Connection {
        transport,
        place,
        organization: organization.clone(),
        requested: project.clone(),
        credential,
        key,
        keys: network.keys().clone(),
        access: Access::new(token),
        identity: found.identity,
        instance_id: found.instance_id,
        project: found.project,
    })
}

/// Reads both answers
struct Judge<'a> {
    place: &'a Place,
    token: &'a Secret,
    who: &'a Request<'a>,
    what: &'a Request<'a>,
    name: &'a ProjectName,
}

impl Judge<'_> {
    /// The first row that fits, in the order in which the rows stand here
    fn first_fault(&self, who: Result<Answer, Error>, what: Result<Answer, Error>) -> Result<Found, Fault> {
        if what.is_err() && who.is_err() {
            return Err(Fault::Error(who.err().unwrap_or_else(|| self.place.not_accepted())));
        }
        let identity = who.as_ref().ok().map(|answer| (answer, identity_meaning(answer)));
        let project = what.as_ref().ok().map(|answer| (answer, answer.meaning()));

        if let Some((answer, Meaning::NotSignedIn)) = identity {
            return Err(self.origin(self.place.not_accepted(), answer, self.who));
        }
        if let Some((answer, Meaning::Denied(_))) = identity {
            return Err(self.refused(answer, self.who));
        }
        for (side, request) in [(identity, self.who), (project, self.what)] {
            if let Some((answer, Meaning::Disabled)) = side {
                return Err(self.refused(answer, request));
            }
        }
        if let Some((answer, Meaning::NoSuchThing | Meaning::NoSuchProject)) = identity {
            return Err(self.origin(no_such_organization(self.place), answer, self.who));
        }
        match project {
            Some((answer, Meaning::NotSignedIn)) => {
                return Err(self.origin(self.place.scope_missing(self.what), answer, self.what));
            }
            Some((answer, Meaning::Denied(_))) => return Err(self.refused(answer, self.what)),
            Some((_, Meaning::NoSuchThing | Meaning::NoSuchProject)) => {
                return Err(Fault::NoSuchProject(what.map_err(Fault::Error)?));
            }
            _ => {}
        }
        let wire: Result<project::Wire, Fault> =
            what.map_err(Fault::Error).and_then(|answer| self.read(answer, self.what));
        let project = match wire {
            Ok(wire) => match wire.usable() {
                Ok(project) => Ok(project),
                // A state is no spelling mistake: near names would not help.
                Err(state) => return Err(Fault::Error(unusable_project(self.name, &state))),
            },
            Err(fault) => Err(fault),
        };
        let wire: identity::Wire = self.read(who.map_err(Fault::Error)?, self.who)?;
        let identity = wire.identity().ok_or_else(|| Fault::Error(self.place.not_accepted()))?;
        Ok(Found { identity, instance_id: wire.instance_id(), project: project? })
    }

    /// The value of an answer, or the fault that it is
    fn read<T: serde::de::DeserializeOwned>(
        &self,
        answer: Answer,
        request: &Request<'_>,
    ) -> Result<T, Fault> {
        if let Some(error) = refusal::error(&answer, request, self.place, self.token) {
            return Err(Fault::Error(error));
        }
        body::decode(&answer).map_err(|reason| self.origin(unreadable(request, &reason), &answer, request))
    }

    fn refused(&self, answer: &Answer, request: &Request<'_>) -> Fault {
        let error = refusal::error(answer, request, self.place, self.token);
        Fault::Error(error.unwrap_or_else(|| unreadable(request, "is not understood")))
    }

    fn origin(&self, error: Error, answer: &Answer, request: &Request<'_>) -> Fault {
        Fault::Error(refusal::with_origin(error, answer, request, self.token))
    }
}

/// What the answer to "who am I" means: here any web page, any 302 and the identity of everybody
/// say that the token was not accepted
pub(super) fn identity_meaning(answer: &Answer) -> Meaning {
    let page = answer.status.is_success() && body::is_web_page(answer);
    let nobody = || body::decode::<identity::Wire>(answer).is_ok_and(|wire| wire.identity().is_none());
    match answer.meaning() {
        _ if page || answer.status.as_u16() == 302 => Meaning::NotSignedIn,
        Meaning::Done if nobody() => Meaning::NotSignedIn,
        meaning => meaning,
    }
}

/// The error of an answer that did what was asked and cannot be read
pub(super) fn unreadable(request: &Request<'_>, reason: &str) -> Error {
    Error::new(ErrorCode::ServiceBadResponse, format!("Could not {}: the answer {reason}", request.words()))
}

fn no_such_organization(place: &Place) -> Error {
    let message = format!("There is no organization \"{}\" on Azure DevOps", place.organization);
    Error::new(ErrorCode::OrganizationNotFound, message)
}

fn unusable_project(name: &ProjectName, state: &str) -> Error {
    let name = printable(name.as_str(), 64);
    let message = format!("The project \"{name}\" cannot be used: its state is \"{state}\"");
    Error::new(ErrorCode::ProjectNotFound, message)
        .help("A project that is being made is ready in a moment; one that is being deleted can be restored.")
}

fn no_such_project(place: &Place, name: &ProjectName, near: &[String]) -> Error {
    let name = printable(name.as_str(), 64);
    let near = match near {
        [] => String::new(),
        near => format!("; near to it: \"{}\"", near.join("\", \"")),
    };
    let message = format!(
        "The organization \"{}\" has no project \"{name}\", or the token's user cannot see it{near}",
        place.organization
    );
    Error::new(ErrorCode::ProjectNotFound, message)
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
