//! Variable groups as the service describes them.

use indexmap::IndexMap;
use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::variables;
use crate::actions::shared::variables::Variable;
use crate::actions::shared::wire::Person;

/// A variable group; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariableGroup {
    /// The group's id
    pub(super) id: u32,
    /// The group's name
    pub(super) name: String,
    /// The description
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// The type: Vsts for variables of the group itself, AzureKeyVault for the secrets of a vault
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The variables and their values, without the secret ones
    pub(super) variables: IndexMap<String, String>,
    /// The names of the secret variables, whose values the service never returns
    pub(super) secret_variables: Vec<String>,
    /// Whether other projects use the group too
    is_shared: bool,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The name of the user who changed it last
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_by: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of the user who created it
    #[serde(skip)]
    creator: Option<String>,
}

/// A variable group in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariableGroupRecord {
    id: u32,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    variables: Option<IndexMap<String, Variable>>,
    #[serde(default)]
    is_shared: Option<bool>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    created_on: Option<String>,
    #[serde(default)]
    modified_by: Option<Person>,
    #[serde(default)]
    modified_on: Option<String>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for VariableGroupRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// The service answers with null for a group that does not exist
impl Record for Option<VariableGroupRecord> {
    fn keep(&mut self, raw: Raw) {
        if let Some(record) = self {
            record.keep(raw);
        }
    }
}

impl From<VariableGroupRecord> for VariableGroup {
    fn from(record: VariableGroupRecord) -> Self {
        let all = record.variables.unwrap_or_default();
        let secret = all.iter().filter(|(_, variable)| variable.is_secret == Some(true));
        let secret_variables = secret.map(|(name, _)| name.clone()).collect();
        let (creator, created_by) =
            record.created_by.map_or((None, None), |person| (person.id, person.display_name));
        VariableGroup {
            id: record.id,
            name: record.name,
            description: record.description.filter(|text| !text.is_empty()),
            kind: record.kind,
            variables: variables::shown(all),
            secret_variables,
            is_shared: record.is_shared.unwrap_or(false),
            created_by,
            created_date: record.created_on,
            modified_by: record.modified_by.and_then(|person| person.display_name),
            modified_date: record.modified_on,
            raw: record.raw,
            creator,
        }
    }
}

impl Created for VariableGroup {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the variable group {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}
