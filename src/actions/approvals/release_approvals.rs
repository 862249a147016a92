//! The approvals that releases wait for.

use serde::Deserializer;

use crate::actions::prelude::*;
use crate::actions::shared::wire::NamedReference;
use crate::actions::shared::wire::Person;

/// An approval that a stage of a release waits for
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseApproval {
    /// The approval's id
    pub(crate) id: u32,
    /// The status: pending, approved, rejected, canceled, skipped
    pub(crate) status: String,
    /// The kind: preDeploy, postDeploy
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The release's id
    #[serde(skip_serializing_if = "Option::is_none")]
    release_id: Option<u32>,
    /// The release's name
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    /// The stage's name
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    /// The names of the approvers
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<String>,
    /// The comment on the decision
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of the user who decided, or of the approver
    #[serde(skip)]
    pub(crate) by: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: u32,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    approval_type: Option<String>,
    #[serde(default)]
    release: Option<NamedReference>,
    #[serde(default)]
    release_environment: Option<NamedReference>,
    #[serde(default)]
    approver: Option<Person>,
    #[serde(default)]
    approved_by: Option<Person>,
    #[serde(default)]
    comments: Option<String>,
    #[serde(default)]
    created_on: Option<String>,
}

impl<'de> Deserialize<'de> for ReleaseApproval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let release = wire.release.unwrap_or_default();
        let by = wire.approved_by.as_ref().or(wire.approver.as_ref()).and_then(|person| person.id.clone());
        Ok(ReleaseApproval {
            id: wire.id,
            status: wire.status.unwrap_or_else(|| "undefined".to_owned()),
            kind: wire.approval_type,
            release_id: release.id,
            release: release.name,
            stage: wire.release_environment.and_then(|stage| stage.name),
            approver: wire.approver.and_then(|person| person.display_name),
            comment: wire.comments.filter(|text| !text.is_empty()),
            created_date: wire.created_on,
            raw: None,
            by,
        })
    }
}

impl Record for ReleaseApproval {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// Returns the request that lists the approvals with a status
pub(crate) fn list_request<'a>(status: &str, needs: &Needs) -> Request<'a> {
    Request::get(&["release", "approvals"])
        .release()
        .query("statusFilter", status)
        .list()
        .named("list the approvals that releases wait for")
        .needs(needs)
}
