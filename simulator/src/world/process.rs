//! The processes of projects: the types of work items and their states.

use serde::Deserialize;
use serde::Serialize;

/// The process of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Process {
    /// Epics, issues and tasks.
    Basic,
    /// User stories.
    #[default]
    Agile,
    /// Product backlog items.
    Scrum,
    /// Requirements.
    #[serde(rename = "CMMI")]
    Cmmi,
    /// An inherited process with the types of Agile.
    #[serde(rename = "Fabrikam Agile")]
    FabrikamAgile,
}

/// The type of a work item, with its states; the first is that of a new one.
pub(crate) type WorkItemType = (&'static str, &'static [&'static str]);

const TO_DO: &[&str] = &["To Do", "Doing", "Done"];
const AGILE: &[&str] = &["New", "Active", "Resolved", "Closed", "Removed"];
const BACKLOG_ITEM: &[&str] = &["New", "Approved", "Committed", "Done", "Removed"];
const PORTFOLIO: &[&str] = &["New", "In Progress", "Done", "Removed"];
const CMMI: &[&str] = &["Proposed", "Active", "Resolved", "Closed"];

/// The types of the test plans, which every process has.
const TESTS: [WorkItemType; 5] = [
    ("Shared Parameter", &["Active", "Inactive"]),
    ("Shared Steps", &["Active", "Closed"]),
    ("Test Case", &["Design", "Ready", "Closed"]),
    ("Test Plan", &["Active", "Inactive"]),
    ("Test Suite", &["In Planning", "In Progress", "Completed"]),
];

impl Process {
    /// All processes of an organization; the first is the default one of the service.
    pub(crate) const ALL: [Process; 5] =
        [Process::Basic, Process::Agile, Process::Scrum, Process::Cmmi, Process::FabrikamAgile];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Process::Basic => "Basic",
            Process::Agile => "Agile",
            Process::Scrum => "Scrum",
            Process::Cmmi => "CMMI",
            Process::FabrikamAgile => "Fabrikam Agile",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Process::Basic => "A process with few types and states.",
            Process::Agile => "A process for teams that plan with user stories.",
            Process::Scrum => "A process for teams that follow Scrum.",
            Process::Cmmi => "A process for teams that improve their process and keep a record of decisions.",
            Process::FabrikamAgile => "Agile, as Fabrikam uses it.",
        }
    }

    /// The identifier of the template.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Process::Basic => "b8a3a935-7e91-48b8-a94c-606d37c3e9f2",
            Process::Agile => "adcc42ab-9882-485e-a3ed-7678f01f66bc",
            Process::Scrum => "6b724908-ef14-45cf-84f8-768b5384da45",
            Process::Cmmi => "27450541-8e31-4150-9947-dc59f998fc01",
            Process::FabrikamAgile => "3f7d0c5e-9a41-4c55-8d6f-0b7a6d5c4e21",
        }
    }

    fn own(self) -> &'static [WorkItemType] {
        match self {
            Process::Basic => &[("Epic", TO_DO), ("Issue", TO_DO), ("Task", TO_DO)],
            Process::Agile | Process::FabrikamAgile => &[
                ("Bug", &["New", "Active", "Resolved", "Closed"]),
                ("Epic", AGILE),
                ("Feature", AGILE),
                ("Issue", &["Active", "Closed"]),
                ("Task", &["New", "Active", "Closed", "Removed"]),
                ("User Story", AGILE),
            ],
            Process::Scrum => &[
                ("Bug", BACKLOG_ITEM),
                ("Epic", PORTFOLIO),
                ("Feature", PORTFOLIO),
                ("Impediment", &["Open", "Closed"]),
                ("Product Backlog Item", BACKLOG_ITEM),
                ("Task", &["To Do", "In Progress", "Done", "Removed"]),
            ],
            Process::Cmmi => &[
                ("Bug", CMMI),
                ("Change Request", CMMI),
                ("Epic", CMMI),
                ("Feature", CMMI),
                ("Issue", CMMI),
                ("Requirement", CMMI),
                ("Review", &["Active", "Resolved", "Closed"]),
                ("Risk", &["Proposed", "Active", "Closed"]),
                ("Task", CMMI),
            ],
        }
    }

    /// The types of its work items.
    pub(crate) fn types(self) -> impl Iterator<Item = WorkItemType> {
        self.own().iter().copied().chain(TESTS)
    }

    /// Returns a type by its name, in any case.
    pub(crate) fn work_item_type(self, name: &str) -> Option<WorkItemType> {
        self.types().find(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}
