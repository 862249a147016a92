//! Protected resources of pipelines: their types, and the id for a name.
//!
//! The shapes are from the published description of serviceendpoint, distributedtask and environments 7.1; no recorded
//! response was available.

use std::fmt;

use uuid::Uuid;

use crate::actions::prelude::*;
use crate::actions::repositories;
use crate::actions::shared::by_name;
use crate::actions::shared::by_name::NamedResource;

/// The types of protected resources
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(crate) enum ResourceType {
    /// Service connection
    ServiceConnection,
    /// Agent queue
    AgentQueue,
    /// Variable group
    VariableGroup,
    /// Secure file
    SecureFile,
    /// Environment
    Environment,
    /// Repository
    Repository,
}

/// The list of the resources of a type
struct Shelf {
    path: &'static [&'static str],
    /// The query parameter that filters by name
    filter: &'static str,
    /// The preview version of the API, where the service has never released it
    preview: Option<u8>,
    scope: Scope,
}

/// The id of a resource: a number or a text, depending on its type
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Id {
    Number(u32),
    Text(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Number(id) => id.fmt(f),
            Id::Text(id) => id.fmt(f),
        }
    }
}

impl ResourceType {
    /// Returns the service's name for the type
    pub(crate) const fn word(self) -> &'static str {
        match self {
            ResourceType::ServiceConnection => "endpoint",
            ResourceType::AgentQueue => "queue",
            ResourceType::VariableGroup => "variablegroup",
            ResourceType::SecureFile => "securefile",
            ResourceType::Environment => "environment",
            ResourceType::Repository => "repository",
        }
    }

    /// Returns the name of the type for messages
    pub(crate) const fn label(self) -> &'static str {
        match self {
            ResourceType::ServiceConnection => "service connection",
            ResourceType::AgentQueue => "agent queue",
            ResourceType::VariableGroup => "variable group",
            ResourceType::SecureFile => "secure file",
            ResourceType::Environment => "environment",
            ResourceType::Repository => "repository",
        }
    }

    /// Returns the id of a resource in the pipeline permissions API
    ///
    /// Errors: `resource.not_found` with similar names; `auth.scope_missing` when the token may not read the list.
    pub(crate) async fn id_of(
        self,
        session: &OpenSession<'_>,
        resource: &ResourceReference,
    ) -> Result<String, Error> {
        let text = resource.as_str();
        let Some(shelf) = self.shelf() else {
            let name = RepositoryName::parse(text).map_err(refused)?;
            let found =
                repositories::requests::find(session, &name, &repositories::requests::READ_NEEDS).await?;
            return Ok(format!("{}.{}", session.connection().project().id, found.id));
        };
        if Uuid::try_parse(text).is_ok() {
            return Ok(text.to_owned());
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return self.id_or_name_of_digits(session, &shelf, text).await;
        }
        let mut request = shelf.all(self);
        // The service would read a comma as a separator of names.
        if !text.contains(',') {
            request = request.query(shelf.filter, text);
        }
        let found: Vec<NamedResource<Id>> = session.send_list(request).await?;
        let names = session.send_list(shelf.all(self));
        let id = by_name::find_id(session, self.label(), text, found, names).await?;
        Ok(id.to_string())
    }

    /// Returns the id for a text of digits, which may be an id or a name
    ///
    /// A token that may not read the list gives an id. Errors: `input.invalid` if it is the id of one resource and the name
    /// of another.
    async fn id_or_name_of_digits(
        self,
        session: &OpenSession<'_>,
        shelf: &Shelf,
        text: &str,
    ) -> Result<String, Error> {
        let Ok(all) = session.send_list::<NamedResource<Id>>(shelf.all(self)).await else {
            return Ok(text.to_owned());
        };
        let by_id = all.iter().find(|one| one.id().to_string() == text);
        let by_name = all.iter().find(|one| one.name() == text);
        match (by_id, by_name) {
            (Some(one), Some(other)) if one.id().to_string() != other.id().to_string() => {
                let (kind, name, id) = (self.label(), printable(one.name(), 300), other.id());
                let message = format!(
                    "authorize pipeline: resource: {text} is the id of the {kind} \"{name}\", and the name of the {kind} {id}"
                );
                Err(Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("Give the name \"{name}\" or the id {id}."))
                    .with("field", "resource"))
            }
            (None, Some(named)) => Ok(named.id().to_string()),
            _ => Ok(text.to_owned()),
        }
    }

    /// Returns the list of this type; repositories have requests of their own
    const fn shelf(self) -> Option<Shelf> {
        let (path, filter, preview, scope): (&[&str], _, _, _) = match self {
            ResourceType::ServiceConnection => {
                (&["serviceendpoint", "endpoints"], "endpointNames", None, Scope::ServiceConnectionsRead)
            }
            ResourceType::AgentQueue => {
                (&["distributedtask", "queues"], "queueNames", None, Scope::AgentPoolsRead)
            }
            ResourceType::VariableGroup => {
                (&["distributedtask", "variablegroups"], "groupName", Some(2), Scope::VariableGroupsRead)
            }
            ResourceType::SecureFile => {
                (&["distributedtask", "securefiles"], "namePattern", Some(1), Scope::SecureFilesRead)
            }
            ResourceType::Environment => {
                (&["pipelines", "environments"], "name", Some(1), Scope::EnvironmentManage)
            }
            ResourceType::Repository => return None,
        };
        Some(Shelf { path, filter, preview, scope })
    }
}

impl Shelf {
    /// Returns the request that lists all of them
    fn all(&self, of: ResourceType) -> Request<'static> {
        let mut request = Request::get(self.path);
        if let Some(form) = self.preview {
            request = request.preview(form);
        }
        request
            .list()
            .named(format!("list the {}s of the project", of.label()))
            .needs(&Needs { permissions: &[], scope: Some(self.scope) })
    }
}

fn refused(refusal: ParseError) -> Error {
    let message = format!("authorize pipeline: resource: {}", refusal.reason);
    Error::new(ErrorCode::InputInvalid, message).with("field", "resource")
}
