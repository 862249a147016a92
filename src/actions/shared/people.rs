//! Looking up a person or a group by name, e-mail address or id.

use uuid::Uuid;

use crate::actions::prelude::*;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;
use crate::actions::shared::wire::Person;

/// The page size of the request for the people of a project's pull requests
const PAGE: &str = "100";

/// An identity in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    id: String,
    #[serde(default)]
    provider_display_name: Option<String>,
    #[serde(default)]
    custom_display_name: Option<String>,
    #[serde(default)]
    is_active: Option<bool>,
    #[serde(default)]
    properties: Option<Document>,
}

/// A property of an identity in the service's format
#[derive(Deserialize)]
struct Property {
    #[serde(rename = "$value")]
    value: String,
}

/// The people of a pull request
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct People {
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    reviewers: Option<Vec<Person>>,
}

impl Identity {
    fn name(&self) -> &str {
        let custom = self.custom_display_name.as_deref().filter(|name| !name.is_empty());
        custom.or(self.provider_display_name.as_deref()).unwrap_or_default()
    }

    fn property(&self, name: &str) -> Option<String> {
        self.properties.as_ref()?.get::<Property>(name).map(|property| property.value)
    }

    /// Returns whether this is exactly the account or the e-mail address
    fn has_account(&self, wanted: &str) -> bool {
        ["Account", "Mail"]
            .into_iter()
            .filter_map(|name| self.property(name))
            .any(|known| same(&known, wanted))
    }

    fn shown(&self) -> String {
        let account = self.property("Account").map(|account| format!(" ({account})")).unwrap_or_default();
        printable(&format!("{} {}{account}", self.id, self.name()), 300)
    }
}

/// Returns the id of a person or a group
///
/// An id is taken as it is; a name or an e-mail address is looked up. Errors: those of the request, which needs its own
/// token scope; `resource.not_found` with similar names of people who take part in the project's pull requests;
/// `input.invalid` if several have the name, with the id of each.
pub(crate) async fn find_id(session: &OpenSession<'_>, who: &PersonName) -> Result<String, Error> {
    let wanted = who.as_str().trim();
    if Uuid::try_parse(wanted).is_ok() {
        return Ok(wanted.to_owned());
    }
    let shown = printable(wanted, 300);
    let request = Request::get(&["identities"])
        .organization_level()
        .identities()
        .query("searchFilter", "General")
        .query("filterValue", wanted)
        .query("queryMembership", "None")
        .list()
        .named(format!("look up the person or group \"{shown}\""))
        .scope(Scope::IdentityRead)
        .missing(format!("the person or group \"{shown}\""));
    let mut found: Vec<Identity> = session.send_list(request).await?;
    found.retain(|one| one.is_active != Some(false));
    // A name may also be the account of one of several people.
    if found.len() > 1 && found.iter().any(|one| one.has_account(wanted)) {
        found.retain(|one| one.has_account(wanted));
    }
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let service = session.connection().organization().service();
            let message = format!("the {} has no person and no group \"{shown}\"", service.organization());
            let error = Error::new(ErrorCode::ResourceNotFound, message);
            Err(with_similar_names(error, wanted, names(session)).await)
        }
        several => {
            let candidates = several.iter().map(Identity::shown).collect::<Vec<_>>().join(", ");
            let message = format!("{} people or groups are called \"{shown}\"", several.len());
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Give the e-mail address, or the id, of one of them: {candidates}."))
                .with("candidates", candidates))
        }
    }
}

/// Returns the names and accounts of people who take part in the project's pull requests
async fn names(session: &OpenSession<'_>) -> Result<Vec<ResourceName>, Error> {
    let request = Request::get(&["git", "pullrequests"])
        .query("searchCriteria.status", "all")
        .query("$top", PAGE)
        .list()
        .named("list the people of the project's pull requests")
        .scope(Scope::CodeRead);
    let found: List<People> = session.send(request).await?;
    let mut names: Vec<String> = Vec::new();
    for person in found
        .value
        .into_iter()
        .flat_map(|one| one.created_by.into_iter().chain(one.reviewers.into_iter().flatten()))
    {
        for name in [person.display_name, person.unique_name].into_iter().flatten() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names.into_iter().map(|name| ResourceName { name: Some(name) }).collect())
}

/// Returns whether two names or addresses are the same; letter case does not matter
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
