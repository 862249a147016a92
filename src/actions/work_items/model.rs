//! Work items as the service describes them.

use indexmap::IndexMap;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;
use crate::actions::work_items::fields;
use crate::actions::work_items::fields::WorkItemState;

/// A work item; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkItem {
    /// The work item's id
    pub(crate) id: u32,
    /// The revision; give it to Update work item to change only this revision
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) revision: Option<u32>,
    /// The type, such as `Bug`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) r#type: Option<String>,
    /// The title
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) title: Option<String>,
    /// The state, such as `Active`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) state: Option<String>,
    /// The description, in HTML or Markdown
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// The assignee: the e-mail address, or the name when there is none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assigned_to: Option<String>,
    /// The fields whose long texts are Markdown; the others are HTML
    pub(crate) markdown_fields: Vec<String>,
    /// The tags
    pub(crate) tags: Vec<String>,
    /// The area path
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) area_path: Option<String>,
    /// The iteration path
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) iteration_path: Option<String>,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_date: Option<String>,
    /// The name of the user who changed it last
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) changed_by: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) changed_date: Option<String>,
    /// All other fields under their reference names, as texts
    pub(crate) fields: IndexMap<String, String>,
    /// The address in a browser
    pub(crate) web_url: String,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
    /// The id of the user who created it
    #[serde(skip)]
    pub(crate) creator: Option<String>,
}

/// A work item in a response of the service; only the id is always there
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkItemRecord {
    pub(crate) id: u32,
    #[serde(default)]
    pub(crate) rev: Option<u32>,
    #[serde(default)]
    pub(crate) fields: Option<Document>,
    #[serde(default)]
    pub(crate) relations: Option<Vec<Relation>>,
    /// The formats of long texts by the names of their fields
    #[serde(default)]
    multiline_fields_format: Option<Document>,
    #[serde(skip)]
    pub(crate) raw: Option<Raw>,
}

/// A link of a work item
#[derive(Deserialize)]
pub(crate) struct Relation {
    /// The reference name of its type
    #[serde(default)]
    pub(crate) rel: Option<String>,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) attributes: Option<RelationAttributes>,
}

#[derive(Deserialize)]
pub(crate) struct RelationAttributes {
    /// The name of its type
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) comment: Option<String>,
}

impl Record for WorkItemRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// A deleted or invisible work item is null in a list of requested ones
impl Record for Option<WorkItemRecord> {
    fn keep(&mut self, raw: Raw) {
        if let Some(wire) = self {
            wire.keep(raw);
        }
    }
}

impl WorkItemRecord {
    /// Returns the state that a change is compared with
    pub(crate) fn state(&self) -> WorkItemState<'_> {
        WorkItemState { fields: self.fields.as_ref(), formats: self.multiline_fields_format.as_ref() }
    }

    /// Returns the record that actions return
    pub(crate) fn into_output(self, session: &OpenSession<'_>) -> WorkItem {
        let markdown = self.multiline_fields_format.iter().flat_map(fields::markdown_fields);
        let markdown_fields = markdown.map(str::to_owned).collect();
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
            markdown_fields,
            tags: text("System.Tags").as_deref().map(fields::tags).unwrap_or_default(),
            area_path: text("System.AreaPath"),
            iteration_path: text("System.IterationPath"),
            created_by: text("System.CreatedBy"),
            created_date: text("System.CreatedDate"),
            changed_by: text("System.ChangedBy"),
            changed_date: text("System.ChangedDate"),
            fields: fields::texts(&fields),
            web_url: session.web_url(
                project.as_deref().unwrap_or(&session.connection().project().name),
                &["_workitems", "edit", &self.id.to_string()],
            ),
            raw: self.raw,
            creator: created_by.and_then(|person| person.id),
        }
    }
}

impl Created for WorkItem {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the work item {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        Some(&self.web_url)
    }
}
