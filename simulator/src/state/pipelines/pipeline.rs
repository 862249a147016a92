//! A pipeline: YAML or classic.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::names;
use crate::state::Unseen;
use crate::state::revision::Revision;
use crate::world;
use crate::world::Script;

/// A pipeline (definition in the build area, with the same identifier).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pipeline {
    pub(crate) id: u32,
    pub(crate) name: String,
    /// `\` or `\folder\…`.
    pub(crate) folder: String,
    pub(crate) repository: Uuid,
    /// As a full ref; `None` means the repository's default branch.
    pub(crate) default_branch: Option<String>,
    /// With a leading `/`; empty for a classic pipeline.
    pub(crate) yaml: String,
    /// The process of a classic pipeline, as it was sent.
    pub(crate) classic: Option<Value>,
    /// `enabled`, `paused` or `disabled`.
    pub(crate) status: String,
    pub(crate) revision: u32,
    /// The history, oldest first.
    #[serde(default)]
    pub(crate) revisions: Vec<Revision>,
    /// Position of the user who created it.
    pub(crate) author: usize,
    /// The rest of its definition, as it was sent, without the values of secret variables.
    pub(crate) rest: Map<String, Value>,
    pub(crate) settable: Vec<String>,
    pub(crate) script: Script,
    /// If empty, the stages of the YAML file.
    pub(crate) stages: Vec<world::Stage>,
    pub(crate) artifacts: Vec<world::Artifact>,
    #[serde(default)]
    pub(crate) test_runs: Vec<world::TestRun>,
    pub(crate) created: OffsetDateTime,
    pub(crate) unseen: Unseen,
}

impl Pipeline {
    /// An enabled pipeline in the root folder, created by the first user.
    pub(in crate::state) fn new(
        id: u32,
        (name, repository): (String, Uuid),
        script: Script,
        created: OffsetDateTime,
    ) -> Pipeline {
        Pipeline {
            id,
            name,
            folder: "\\".to_owned(),
            repository,
            default_branch: None,
            yaml: String::new(),
            classic: None,
            status: "enabled".to_owned(),
            revision: 1,
            revisions: Vec::new(),
            author: 0,
            rest: Map::new(),
            settable: Vec::new(),
            script,
            stages: Vec::new(),
            artifacts: Vec::new(),
            test_runs: Vec::new(),
            created,
            unseen: Unseen::default(),
        }
    }

    /// Records the current revision, with its author and comment.
    pub(crate) fn record(&mut self, by: usize, at: OffsetDateTime, comment: Option<String>) {
        self.revisions.push(Revision { number: self.revision, name: self.name.clone(), by, at, comment });
    }

    pub(crate) fn is_called(&self, name: &str, folder: &str) -> bool {
        names::same(&self.name, name) && names::same(&self.folder, folder)
    }
}
