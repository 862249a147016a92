//! Work items: what a bot writes down when something goes wrong, or is done.

mod attach;
mod create;
mod get;
mod query;
mod update;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::actions::OpenSession;
use crate::actions::wire::Person;
use crate::actions::work_item_fields;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::WorkItemId;
use crate::contract::permissions;
use crate::devops::Document;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::service_time;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Work items",
    actions: &[
        Entry::of::<get::GetWorkItem>(),
        Entry::of::<create::CreateWorkItem>(),
        Entry::of::<update::UpdateWorkItem>(),
        Entry::of::<query::QueryWorkItems>(),
        Entry::of::<attach::AttachFileToWorkItem>(),
    ],
};

/// What a document of changes is sent as
const PATCH_MEDIA: &str = "application/json-patch+json";

/// What reading work items needs
const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_WORK_ITEMS], scope: Some(Scope::WorkRead) };

/// What writing them needs
const WRITE_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_WORK_ITEMS], scope: Some(Scope::WorkWrite) };

/// A work item; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkItem {
    /// The work item's id
    id: u32,
    /// How often it was changed; update work item takes it, to change only what was seen
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    /// Its type, as `Bug`
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    /// Its title
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Its state, as `Active`
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Its description, in HTML
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Whom it is assigned to: the e-mail address, or the name when the service gives none
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<String>,
    /// Its tags
    tags: Vec<String>,
    /// Its area
    #[serde(skip_serializing_if = "Option::is_none")]
    area_path: Option<String>,
    /// Its iteration
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration_path: Option<String>,
    /// Who created it
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// Who changed it last
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_date: Option<String>,
    /// All other fields under their reference names, as texts
    fields: IndexMap<String, String>,
    /// The address in a browser
    web_url: String,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of who created it
    #[serde(skip)]
    creator: Option<String>,
}

/// What the service answers; only an id is certain
#[derive(Deserialize)]
struct Wire {
    id: u32,
    #[serde(default)]
    rev: Option<u32>,
    #[serde(default)]
    fields: Option<Document>,
    #[serde(default)]
    relations: Option<Vec<Relation>>,
    #[serde(skip)]
    raw: Option<Raw>,
}

/// What a work item is tied to
#[derive(Deserialize)]
struct Relation {
    #[serde(default)]
    url: Option<String>,
}

impl Record for Wire {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// A work item that is gone, or cannot be seen, is null in a list of asked-for ones
impl Record for Option<Wire> {
    fn keep(&mut self, raw: Raw) {
        if let Some(wire) = self {
            wire.keep(raw);
        }
    }
}

impl Wire {
    /// What actions answer
    fn shown(self, session: &OpenSession<'_>) -> WorkItem {
        let mut fields = self.fields.unwrap_or_default();
        let created_by: Option<Person> = fields.get("System.CreatedBy");
        let project = fields.get::<String>("System.TeamProject");
        let mut text = |name: &str| {
            let text = work_item_fields::text(&fields, name);
            fields.remove(name);
            text.filter(|text| !text.is_empty())
        };
        WorkItem {
            id: self.id,
            revision: self.rev,
            r#type: text("System.WorkItemType"),
            title: text("System.Title"),
            state: text("System.State"),
            description: text("System.Description"),
            assigned_to: text("System.AssignedTo"),
            tags: text("System.Tags").as_deref().map(work_item_fields::tags).unwrap_or_default(),
            area_path: text("System.AreaPath"),
            iteration_path: text("System.IterationPath"),
            created_by: text("System.CreatedBy"),
            created_date: text("System.CreatedDate"),
            changed_by: text("System.ChangedBy"),
            changed_date: text("System.ChangedDate"),
            fields: work_item_fields::texts(&fields),
            web_url: session.web_url(
                project.as_deref().unwrap_or(session.project()),
                &["_workitems", "edit", &self.id.to_string()],
            ),
            raw: self.raw,
            creator: created_by.and_then(|person| person.id),
        }
    }
}

impl Made for WorkItem {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn maker(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the work item {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        Some(&self.web_url)
    }
}

/// Asks for a work item by its id
fn one(id: WorkItemId, needs: &Needs) -> Request<'static> {
    Request::get(&["wit", "workitems", &id.to_string()])
        .named(format!("read the work item {id}"))
        .needs(needs)
        .missing(format!("the work item {id}"))
}
