//! `list release approvals`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::wire::NamedReference;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::ReleaseId;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Page;
use crate::devops::Record;
use crate::devops::Request;

/// List the approvals that stages of classic releases wait for
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only those of this release, by its id
    #[serde(default)]
    release: Option<ReleaseId>,
    /// How many approvals at most
    #[serde(default)]
    limit: Limit,
    /// Whether each approval also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// The pending approvals
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The approvals, in the service's order
    approvals: Vec<ReleaseApproval>,
    /// Whether there are more than the limit let through
    more: bool,
}

/// An approval that a stage of a release waits for
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReleaseApproval {
    /// The approval's id
    pub(super) id: u32,
    /// Where it is: pending, approved, rejected, canceled, skipped
    pub(super) status: String,
    /// When it is asked for: preDeploy, postDeploy
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
    /// Who is asked
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<String>,
    /// What was said to the decision
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    /// Since when it waits
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of who decided, else of who is asked
    #[serde(skip)]
    pub(super) by: Option<String>,
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

pub(super) struct ListReleaseApprovals;

impl Action for ListReleaseApprovals {
    const NAME: &'static str = "list release approvals";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::VIEW_RELEASES], scope: Some(Scope::ReleaseRead) };
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "What the stages of a release wait for",
            inputs: serde_json::json!({ "release": 1 }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = all("pending", &Self::NEEDS);
        if let Some(release) = input.release {
            request = request.query("releaseIdsFilter", &release.to_string());
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { approvals: items, more })
    }
}

/// The request that lists the approvals of a status
pub(super) fn all<'a>(status: &str, needs: &Needs) -> Request<'a> {
    Request::get(&["release", "approvals"])
        .release()
        .query("statusFilter", status)
        .list()
        .named("list the approvals that releases wait for")
        .needs(needs)
}
