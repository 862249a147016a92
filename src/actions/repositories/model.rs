//! Repositories as the service describes them.

use time::OffsetDateTime;

use crate::actions::prelude::*;

/// A Git repository, as the service describes it; what it leaves out is absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Repository {
    /// The repository's id
    pub(crate) id: String,
    /// The repository's name
    pub(crate) name: String,
    /// The default branch as a full ref; absent while the repository is empty
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default_branch: Option<String>,
    /// The size in bytes
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) size: Option<u64>,
    /// Whether the repository is disabled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) is_disabled: Option<bool>,
    /// The address to clone from
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) remote_url: Option<String>,
    /// The address in a browser
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) web_url: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
}

impl Created for Repository {
    /// The service does not show when a repository was created or by whom
    fn created(&self) -> Option<OffsetDateTime> {
        None
    }

    fn creator(&self) -> Option<&str> {
        None
    }

    fn label(&self) -> String {
        format!("the repository {}", self.name)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

impl Record for Repository {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}
