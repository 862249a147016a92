//! The requests for the project of a connection, by name or id.

use serde::Deserialize;

use crate::contract::ProjectName;
use crate::contract::Scope;
use crate::contract::near_names;
use crate::contract::permissions;
use crate::contract::printable;
use crate::devops::client::project::ConnectedProject;
use crate::devops::message::list::List;
use crate::devops::message::request::Request;

/// The part of a project that is read
#[derive(Deserialize)]
pub(crate) struct ProjectRecord {
    id: uuid::Uuid,
    name: String,
    #[serde(default)]
    state: Option<String>,
}

/// The part of a project list that is read
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Option<String>,
}

impl ProjectRecord {
    /// Returns the state, if the project cannot be used in it: `deleting`
    pub(crate) fn unusable_state(&self) -> Option<String> {
        let state = self.state.as_deref().filter(|state| !state.eq_ignore_ascii_case("wellFormed"))?;
        Some(printable(state, 256))
    }

    /// Returns the project
    pub(crate) fn project(self) -> ConnectedProject {
        ConnectedProject::new(self.id.to_string(), self.name)
    }
}

/// Returns the request for one project by its name or id
pub(crate) fn request(name: &ProjectName) -> Request<'static> {
    Request::get(&["projects", name.as_str()])
        .organization_level()
        .named(format!("look up the project \"{}\"", printable(name.as_str(), 256)))
        .missing(format!("the project \"{}\"", printable(name.as_str(), 256)))
        .scope(Scope::ProjectRead)
        .permission(permissions::VIEW_PROJECT)
}

/// Returns the request for the projects that the user of the token can see, to suggest similar names
pub(crate) fn all() -> Request<'static> {
    Request::get(&["projects"]).organization_level().query("$top", "1000").list().named("list the projects")
}

/// Returns up to five names that are similar to `name`
pub(crate) fn similar(name: &str, body: &[u8]) -> Vec<String> {
    let Ok(list) = serde_json::from_slice::<List<Named>>(body) else { return Vec::new() };
    let names: Vec<String> = list.value.into_iter().filter_map(|project| project.name).collect();
    near_names(name, names.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_read_from_a_list_and_from_nothing_else() {
        let body = br#"{"count":9,"value":[{"name":"Other"},{"name":"Fabrikan"},{"name":null}]}"#;
        assert_eq!(similar("fabrikam", body), ["Fabrikan"]);
        assert!(similar("fabrikam", b"<html>").is_empty());
    }

    #[test]
    fn only_a_well_formed_project_is_usable() {
        let wire = |state: &str| {
            let text = format!(
                r#"{{"id":"6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c","name":"Fabrikam"{state},"new":1}}"#
            );
            serde_json::from_str::<ProjectRecord>(&text).expect("it is a project")
        };
        for good in ["", r#","state":"wellFormed""#, r#","state":null"#] {
            assert_eq!(wire(good).unusable_state(), None, "{good}");
        }
        assert_eq!(wire("").project().name, "Fabrikam");
        assert_eq!(wire(r#","state":"deleting""#).unusable_state().as_deref(), Some("deleting"));
        assert!(serde_json::from_str::<ProjectRecord>(r#"{"id":"../x","name":"Fabrikam"}"#).is_err());
    }
}
