//! `decide pipeline approval`

use crate::actions::approvals::model::Decision;
use crate::actions::approvals::model::PREVIEW;
use crate::actions::approvals::pipeline_approvals::Approval;
use crate::actions::approvals::pipeline_approvals::pending;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;

/// Approve or reject what a pipeline run waits for
///
/// The token's user must be one of the approvers; no permission replaces that. Give the run, or the approval if the run
/// waits for several.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The waiting pipeline run, by its id
    #[serde(default)]
    run: Option<RunId>,
    /// The approval, by its id
    #[serde(default)]
    approval: Option<ApprovalId>,
    /// The decision
    decision: Decision,
    /// The comment
    #[serde(default)]
    comment: Option<Remark>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    approval_id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

pub(super) struct DecidePipelineApproval;

impl Action for DecidePipelineApproval {
    const NAME: &'static str = "decide pipeline approval";
    const NODE: &'static str = "Decide pipeline approval: {{decision}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the decision of the token's user, with that comment");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("pipeline approval", "approval").name(""));
    type Input = Input;
    type Output = Approval;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Approve a waiting pipeline run",
            inputs: serde_json::json!({ "run": 3, "decision": "APPROVE", "comment": "Tests are green" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.run.is_some() == input.approval.is_some() { Err(not_one()) } else { Ok(()) }
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Approval, Error> {
        let session = cx.session(&input.session)?;
        let id = match (&input.run, &input.approval) {
            (None, Some(id)) => id.as_str().to_owned(),
            (Some(run), None) => of_run(&session, *run).await?,
            _ => return Err(not_one()),
        };
        let body = [Body {
            approval_id: &id,
            status: input.decision.status(),
            comment: input.comment.as_ref().map(Remark::as_str),
        }];
        let request = Request::patch(&["pipelines", "approvals"])
            .preview(PREVIEW)
            .json(&body)?
            .named(format!("{} the approval {id}", input.decision.verb()))
            .needs(&Self::NEEDS)
            .missing(format!("the approval {id}"));
        let read = Request::get(&["pipelines", "approvals", &id])
            .preview(PREVIEW)
            .query("$expand", "steps")
            .named(format!("read the approval {id}"))
            .needs(&Self::NEEDS)
            .missing(format!("the approval {id}"));
        let send = async {
            let list: List<Approval> = session.send(request).await?;
            let missing = || {
                let message =
                    format!("Could not {} the approval {id}: the response is empty", input.decision.verb());
                Error::new(ErrorCode::ServiceBadResponse, message)
            };
            list.value.into_iter().next().ok_or_else(missing)
        };
        let lookup = async {
            let now: Approval = session.send(read).await?;
            let (user, status) = (&session.connection().identity().id, input.decision.status());
            let comment = input.comment.as_ref().map_or("", Remark::as_str);
            let is_so = now.steps.iter().any(|step| step.is_of(user, status, comment));
            Ok(is_so.then_some(now))
        };
        let decided: Approval = session.settle_state(send, lookup).await?;
        // An approval that needs several approvers stays pending.
        let status = Some(decided.status.as_str()).filter(|status| *status != "pending");
        Differences::of(&format!("the approval {id}"))
            .value("decision", Some(input.decision.status()), status)
            .warn(&session);
        Ok(decided)
    }
}

/// Returns the error for inputs that do not identify the approval in exactly one way
fn not_one() -> Error {
    Error::new(ErrorCode::InputInvalid, "decide pipeline approval: give either run or approval")
}

/// Returns the only approval that a run waits for
async fn of_run(session: &OpenSession<'_>, run: RunId) -> Result<String, Error> {
    let mut found = pending(session, Some(run), Limit::default(), false).await?.items;
    match found.len() {
        1 => Ok(found.remove(0).id),
        0 => {
            let message = format!("the pipeline run {run} waits for no approval");
            Err(Error::new(ErrorCode::ResourceNotFound, message)
                .help("It may not have reached the approval yet, or the approval may be decided already: check the run."))
        }
        several => {
            let ids: Vec<&str> = found.iter().map(|approval| approval.id.as_str()).collect();
            let message = format!("the pipeline run {run} waits for {several} approvals");
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Give one of them as the approval.")
                .with("candidates", ids.join(", ")))
        }
    }
}
