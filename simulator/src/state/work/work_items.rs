//! Work items: their types, states and fields, without I/O and HTTP.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::state::Unseen;

/// A work item. Fields with people hold the position of the user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WorkItem {
    pub(crate) id: u32,
    pub(crate) rev: u32,
    pub(crate) fields: BTreeMap<String, Field>,
    /// The fields of each earlier revision, oldest first.
    #[serde(default)]
    pub(crate) earlier: BTreeMap<u32, BTreeMap<String, Field>>,
    /// The formats of its long texts, by the name of the field. A text without one is HTML.
    #[serde(default)]
    pub(crate) formats: BTreeMap<String, String>,
    /// The formats in each earlier revision.
    #[serde(default)]
    pub(crate) earlier_formats: BTreeMap<u32, BTreeMap<String, String>>,
    /// Its comments, oldest first.
    #[serde(default)]
    pub(crate) comments: Vec<WorkItemComment>,
    /// Its links, in the service's form.
    pub(crate) relations: Vec<Value>,
    pub(crate) unseen: Unseen,
}

impl WorkItem {
    /// A work item in its first revision, without identifier.
    pub(crate) fn new(fields: BTreeMap<String, Field>, unseen: Unseen) -> WorkItem {
        WorkItem {
            id: 0,
            rev: 1,
            fields,
            earlier: BTreeMap::new(),
            formats: BTreeMap::new(),
            earlier_formats: BTreeMap::new(),
            comments: Vec::new(),
            relations: Vec::new(),
            unseen,
        }
    }

    /// Replaces the name of its project in its fields, in all revisions.
    pub(crate) fn rename_project(&mut self, old: &str, new: &str) {
        for fields in self.earlier.values_mut().chain([&mut self.fields]) {
            for name in ["System.TeamProject", "System.AreaPath", "System.IterationPath"] {
                let Some(Field::Plain(Value::String(text))) = fields.get_mut(name) else { continue };
                let rest = text.strip_prefix(old).filter(|rest| rest.is_empty() || rest.starts_with('\\'));
                if let Some(rest) = rest.map(str::to_owned) {
                    *text = format!("{new}{rest}");
                }
            }
        }
    }

    /// Returns it as it was in one of its revisions. Its links are the current ones.
    pub(crate) fn at_revision(&self, rev: u32) -> WorkItem {
        let fields = self.earlier.get(&rev).unwrap_or(&self.fields).clone();
        let formats = self.earlier_formats.get(&rev).unwrap_or(&self.formats).clone();
        WorkItem { rev, fields, formats, ..self.clone() }
    }

    /// Returns it as it was at a time, if it existed.
    pub(crate) fn at(&self, moment: OffsetDateTime) -> Option<WorkItem> {
        let began = |rev: &u32| match self.earlier.get(rev).unwrap_or(&self.fields).get("System.ChangedDate")
        {
            Some(Field::Plain(Value::String(text))) => OffsetDateTime::parse(text, &Rfc3339).ok(),
            _ => None,
        };
        let rev = (1..=self.rev).rev().find(|rev| began(rev).is_none_or(|began| began <= moment))?;
        Some(self.at_revision(rev))
    }

    /// Keeps the current revision before it is changed. Only the revision that adds a comment has it.
    pub(crate) fn keep_revision(&mut self) {
        self.earlier.insert(self.rev, self.fields.clone());
        self.earlier_formats.insert(self.rev, self.formats.clone());
        self.fields.remove("System.History");
    }
}

/// A comment in the discussion of a work item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WorkItemComment {
    pub(crate) id: u32,
    pub(crate) version: u32,
    pub(crate) text: String,
    /// `html` or `markdown`.
    pub(crate) format: String,
    /// Position of the user.
    pub(crate) author: usize,
    pub(crate) created: OffsetDateTime,
    /// When it was written or changed last.
    pub(crate) modified: OffsetDateTime,
    pub(crate) is_deleted: bool,
    pub(crate) unseen: Unseen,
}

/// The value of a field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Field {
    Plain(Value),
    User(usize),
}

/// An uploaded file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    #[serde(with = "crate::state::content")]
    pub(crate) content: Vec<u8>,
}

/// Fields that the service sets.
const OWN: &[&str] = &[
    "System.Id",
    "System.Rev",
    "System.TeamProject",
    "System.WorkItemType",
    "System.CreatedBy",
    "System.CreatedDate",
    "System.ChangedBy",
    "System.ChangedDate",
    "System.CommentCount",
    "Microsoft.VSTS.Common.StateChangeDate",
];

/// Fields that users set.
const WRITABLE: &[&str] = &[
    "System.Title",
    "System.Description",
    "System.State",
    "System.Reason",
    "System.AssignedTo",
    "System.AreaPath",
    "System.IterationPath",
    "System.Tags",
    "System.History",
    "Microsoft.VSTS.Build.FoundIn",
    "Microsoft.VSTS.Build.IntegrationBuild",
    "Microsoft.VSTS.Common.AcceptanceCriteria",
    "Microsoft.VSTS.Common.Activity",
    "Microsoft.VSTS.Common.BacklogPriority",
    "Microsoft.VSTS.Common.BusinessValue",
    "Microsoft.VSTS.Common.Discipline",
    "Microsoft.VSTS.Common.Priority",
    "Microsoft.VSTS.Common.Risk",
    "Microsoft.VSTS.Common.Severity",
    "Microsoft.VSTS.Common.StackRank",
    "Microsoft.VSTS.Common.TimeCriticality",
    "Microsoft.VSTS.Common.Triage",
    "Microsoft.VSTS.Common.ValueArea",
    "Microsoft.VSTS.Scheduling.CompletedWork",
    "Microsoft.VSTS.Scheduling.DueDate",
    "Microsoft.VSTS.Scheduling.Effort",
    "Microsoft.VSTS.Scheduling.FinishDate",
    "Microsoft.VSTS.Scheduling.OriginalEstimate",
    "Microsoft.VSTS.Scheduling.RemainingWork",
    "Microsoft.VSTS.Scheduling.Size",
    "Microsoft.VSTS.Scheduling.StartDate",
    "Microsoft.VSTS.Scheduling.StoryPoints",
    "Microsoft.VSTS.Scheduling.TargetDate",
    "Microsoft.VSTS.TCM.AutomationStatus",
    "Microsoft.VSTS.TCM.LocalDataSource",
    "Microsoft.VSTS.TCM.Parameters",
    "Microsoft.VSTS.TCM.ReproSteps",
    "Microsoft.VSTS.TCM.Steps",
    "Microsoft.VSTS.TCM.SystemInfo",
];

/// Returns the service's spelling of a writable field, whatever the case. A process may have custom fields.
pub(crate) fn writable(name: &str) -> Option<String> {
    if let Some(known) = WRITABLE.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Some((*known).to_owned());
    }
    name.to_lowercase().starts_with("custom.").then(|| name.to_owned())
}

/// Fields of long text, which have a format.
const LONG: &[&str] = &[
    "System.Description",
    "Microsoft.VSTS.Common.AcceptanceCriteria",
    "Microsoft.VSTS.TCM.ReproSteps",
    "Microsoft.VSTS.TCM.SystemInfo",
];

/// Returns the service's spelling of a field of long text.
pub(crate) fn long(name: &str) -> Option<String> {
    writable(name).filter(|name| LONG.contains(&name.as_str()) || name.to_lowercase().starts_with("custom."))
}

/// Returns the type of a field, in the service's word.
pub(crate) fn field_type(reference: &str) -> &'static str {
    match reference {
        "System.Id" | "System.Rev" | "System.CommentCount" => "integer",
        "Microsoft.VSTS.Common.Priority" | "Microsoft.VSTS.Common.BusinessValue" => "integer",
        "System.AreaPath" | "System.IterationPath" => "treePath",
        "System.History" => "history",
        "Microsoft.VSTS.TCM.Steps" => "html",
        "Microsoft.VSTS.Common.StackRank"
        | "Microsoft.VSTS.Common.BacklogPriority"
        | "Microsoft.VSTS.Common.TimeCriticality" => "double",
        long if LONG.contains(&long) => "html",
        date if date.ends_with("Date") => "dateTime",
        planned if planned.starts_with("Microsoft.VSTS.Scheduling.") => "double",
        _ => "string",
    }
}

/// Returns the names and the reference names of all fields, without those of a process.
pub(crate) fn all_fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    let name = |reference: &'static str| (reference.rsplit('.').next().unwrap_or(reference), reference);
    OWN.iter().chain(WRITABLE).map(move |reference| name(reference))
}

/// Returns the service's spelling of a field.
pub(crate) fn known(name: &str) -> Option<String> {
    let own = OWN.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|known| (*known).to_owned());
    own.or_else(|| writable(name))
}

/// Returns tags in the service's form: each once, separated by `; `.
pub(crate) fn tags(text: &str) -> String {
    let mut tags: Vec<&str> = Vec::new();
    for tag in text.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
            tags.push(tag);
        }
    }
    tags.join("; ")
}
