//! `decide release approval`

use crate::actions::approvals::model::Decision;
use crate::actions::approvals::release_approvals::ReleaseApproval;
use crate::actions::approvals::release_approvals::list_request;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;

/// Approve or reject what a stage of a classic release waits for
///
/// The token's user must be the approver; no permission replaces that.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The approval, by its id
    approval: ReleaseApprovalId,
    /// The decision
    decision: Decision,
    /// The comment
    #[serde(default)]
    comment: Option<Remark>,
}

#[derive(Serialize)]
struct Body<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
}

pub(super) struct DecideReleaseApproval;

impl Action for DecideReleaseApproval {
    const NAME: &'static str = "decide release approval";
    const NODE: &'static str = "Decide release approval {{approval}}: {{decision}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::ReleaseManage) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the decision of the token's user, with that comment");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("release approval", "approval").name(""));
    type Input = Input;
    type Output = ReleaseApproval;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Approve a stage of a release",
            inputs: serde_json::json!({ "approval": 4, "decision": "APPROVE" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<ReleaseApproval, Error> {
        let session = cx.session(&input.session)?;
        let (id, status) = (input.approval, input.decision.status());
        let body = Body { status, comments: input.comment.as_ref().map(Remark::as_str) };
        let request = Request::patch(&["release", "approvals", &id.to_string()])
            .release()
            .json(&body)?
            .named(format!("{} the release approval {id}", input.decision.verb()))
            .needs(&Self::NEEDS)
            .missing(format!("the release approval {id}"));
        let lookup = async {
            let decided: Vec<ReleaseApproval> = session.send_list(list_request(status, &Self::NEEDS)).await?;
            let (user, comment) =
                (&session.connection().identity().id, input.comment.as_ref().map(Remark::as_str));
            let is_so = |approval: &ReleaseApproval| {
                approval.id.to_string() == id.to_string()
                    && approval.status == status
                    && approval.comment.as_deref() == comment.filter(|text| !text.is_empty())
                    && approval.by.as_deref().is_some_and(|by| by.eq_ignore_ascii_case(user))
            };
            Ok(decided.into_iter().find(is_so))
        };
        let decided: ReleaseApproval = session.settle_state(session.send(request), lookup).await?;
        Differences::of(&format!("the release approval {id}"))
            .value("decision", Some(status), Some(&decided.status))
            .warn(&session);
        Ok(decided)
    }
}
