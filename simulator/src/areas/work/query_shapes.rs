//! The JSON of saved queries, of their folders, and of the two roots.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::wiql;
use crate::areas::shapes;
use crate::http::Call;
use crate::http::response::percent_encoded;
use crate::state::Organization;
use crate::state::Project;
use crate::state::work::SavedQuery;

/// The identifier of a root, the same in every response.
pub(super) fn root(project: &Project, is_public: bool) -> Uuid {
    Uuid::from_u128(project.id.as_u128().rotate_left(if is_public { 32 } else { 64 }))
}

pub(super) fn root_name(is_public: bool) -> &'static str {
    if is_public { "Shared Queries" } else { "My Queries" }
}

/// What a response shows of queries.
pub(super) struct Shown<'a> {
    pub(super) organization: &'a Organization,
    pub(super) call: &'a Call<'a>,
    pub(super) project: &'a Project,
    pub(super) with_wiql: bool,
    pub(super) with_deleted: bool,
}

impl Shown<'_> {
    /// What is in a folder that the caller may see.
    fn children(&self, parent: Uuid) -> impl Iterator<Item = &SavedQuery> {
        let user = self.call.user.unwrap_or(0);
        self.project.queries.iter().filter(move |query| {
            query.parent == parent
                && (query.is_public || query.owner == user)
                && (self.with_deleted || !query.is_deleted)
        })
    }

    fn links(&self, id: Uuid, parent: Option<Uuid>, is_folder: bool) -> Value {
        let at = |id: Uuid| format!("{}/{}/_apis/wit/queries/{id}", self.call.base, self.project.id);
        let web = format!("{}/{}/_queries", self.call.base, percent_encoded(&self.project.name));
        let html =
            if is_folder { format!("{web}/folder/?folderId={id}") } else { format!("{web}/query/{id}") };
        let mut links = vec![("self", at(id)), ("html", html)];
        if let Some(parent) = parent {
            links.push(("parent", at(parent)));
        }
        if !is_folder {
            let wiql = format!("{}/{}/_apis/wit/wiql/{id}", self.call.base, self.project.id);
            links.push(("wiql", wiql));
        }
        shapes::links(links)
    }

    /// Adds what a folder has: whether it has children, and these to a depth.
    fn fill(&self, value: &mut Value, id: Uuid, depth: usize) {
        value["isFolder"] = json!(true);
        value["hasChildren"] = json!(self.children(id).next().is_some());
        if depth > 0 {
            let below: Vec<Value> = self.children(id).map(|child| self.query(child, depth - 1)).collect();
            if !below.is_empty() {
                value["children"] = json!(below);
            }
        }
    }

    /// *Shared Queries* or *My Queries*.
    pub(super) fn root(&self, is_public: bool, depth: usize) -> Value {
        let id = root(self.project, is_public);
        let name = root_name(is_public);
        let mut value = json!({
            "id": id,
            "name": name,
            "path": name,
            "createdDate": shapes::moment(self.project.updated),
            "lastModifiedDate": shapes::moment(self.project.updated),
            "isPublic": is_public,
            "_links": self.links(id, None, true),
            "url": format!("{}/{}/_apis/wit/queries/{id}", self.call.base, self.project.id),
        });
        self.fill(&mut value, id, depth);
        value
    }

    fn path(&self, query: &SavedQuery) -> String {
        let parent = self.project.queries.iter().find(|known| known.id == query.parent);
        let before = parent.map_or_else(|| root_name(query.is_public).to_owned(), |parent| self.path(parent));
        format!("{before}/{}", query.name)
    }

    /// A query or a folder.
    pub(super) fn query(&self, query: &SavedQuery, depth: usize) -> Value {
        let person = |at: usize| {
            let mut value = shapes::user(self.call, &self.organization.users[at]);
            value["name"] = json!(format!(
                "{} <{}>",
                self.organization.users[at].name, self.organization.users[at].email
            ));
            value
        };
        let mut value = json!({
            "id": query.id,
            "name": query.name,
            "path": self.path(query),
            "createdBy": person(query.owner),
            "createdDate": shapes::moment(query.created),
            "lastModifiedBy": person(query.modified_by),
            "lastModifiedDate": shapes::moment(query.modified),
            "isPublic": query.is_public,
            "_links": self.links(query.id, Some(query.parent), query.wiql.is_none()),
            "url": format!("{}/{}/_apis/wit/queries/{}", self.call.base, self.project.id, query.id),
        });
        if query.is_deleted {
            value["isDeleted"] = json!(true);
        }
        match &query.wiql {
            None => self.fill(&mut value, query.id, depth),
            Some(text) => {
                value["queryType"] = json!("flat");
                if self.with_wiql {
                    value["wiql"] = json!(text);
                    let columns = wiql::columns(self.organization, self.call, text);
                    value["columns"] = json!(columns.unwrap_or_default());
                }
            }
        }
        value
    }
}
