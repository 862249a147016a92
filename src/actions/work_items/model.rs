//! Work items as the service describes them.

use indexmap::IndexMap;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;
use crate::actions::work_items::fields;

/// A work item; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkItem {
    /// The work item's id
    pub(crate) id: u32,
    /// How often it was changed; update work item takes it, to change only what was seen
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<u32>,
    /// Its type, as `Bug`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// Its title
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Its state, as `Active`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<String>,
    /// Its description, in HTML
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Whom it is assigned to: the e-mail address, or the name when the service gives none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assigned_to: Option<String>,
    /// Its tags
    pub(crate) tags: Vec<String>,
    /// Its area
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) area_path: Option<String>,
    /// Its iteration
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iteration_path: Option<String>,
    /// Who created it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_date: Option<String>,
    /// Who changed it last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changed_by: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changed_date: Option<String>,
    /// All other fields under their reference names, as texts
    pub(crate) fields: IndexMap<String, String>,
    /// The address in a browser
    pub(crate) web_url: String,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
    /// The id of who created it
    #[serde(skip)]
    pub(crate) creator: Option<String>,
}

/// What the service answers; only an id is certain
#[derive(Deserialize)]
pub(crate) struct WorkItemRecord {
    pub(crate) id: u32,
    #[serde(default)]
    pub(crate) rev: Option<u32>,
    #[serde(default)]
    pub(crate) fields: Option<Document>,
    #[serde(default)]
    pub(crate) relations: Option<Vec<Relation>>,
    #[serde(skip)]
    pub(crate) raw: Option<Raw>,
}

/// What a work item is tied to
#[derive(Deserialize)]
pub(crate) struct Relation {
    #[serde(default)]
    pub(crate) url: Option<String>,
}

impl Record for WorkItemRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// A work item that is gone, or cannot be seen, is null in a list of asked-for ones
impl Record for Option<WorkItemRecord> {
    fn keep(&mut self, raw: Raw) {
        if let Some(wire) = self {
            wire.keep(raw);
        }
    }
}

impl WorkItemRecord {
    /// What actions answer
    pub(crate) fn shown(self, session: &OpenSession<'_>) -> WorkItem {
        let mut fields = self.fields.unwrap_or_default();
        let created_by: Option<Person> = fields.get("System.CreatedBy");
        let project = fields.get::<String>("System.TeamProject");
        let mut text = |name: &str| {
            let text = fields::text(&fields, name);
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
            tags: text("System.Tags").as_deref().map(fields::tags).unwrap_or_default(),
            area_path: text("System.AreaPath"),
            iteration_path: text("System.IterationPath"),
            created_by: text("System.CreatedBy"),
            created_date: text("System.CreatedDate"),
            changed_by: text("System.ChangedBy"),
            changed_date: text("System.ChangedDate"),
            fields: fields::texts(&fields),
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
