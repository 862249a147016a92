//! `update pull request`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::not_onto_itself;
use crate::actions::pull_requests::requests::patch;
use crate::actions::pull_requests::requests::read;
use crate::actions::shared::differences::Differences;

/// Change the title, description, target or draft state of a pull request
///
/// Inputs that are not given leave the pull request unchanged. If it is completed or abandoned, the action fails with
/// `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The new title
    #[serde(default)]
    title: Option<PullRequestTitle>,
    /// The new description, in Markdown
    #[serde(default)]
    description: Option<PullRequestDescription>,
    /// The new target branch
    #[serde(default)]
    target_branch: Option<BranchName>,
    /// Whether to make it a draft; false publishes it
    #[serde(default)]
    is_draft: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_ref_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_draft: Option<bool>,
}

impl<'a> Body<'a> {
    fn of(input: &'a Input) -> Self {
        Body {
            title: input.title.as_ref().map(PullRequestTitle::as_str),
            description: input.description.as_ref().map(PullRequestDescription::as_str),
            target_ref_name: input.target_branch.as_ref().map(BranchName::full),
            is_draft: input.is_draft,
        }
    }

    fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.description.is_none()
            && self.target_ref_name.is_none()
            && self.is_draft.is_none()
    }

    /// Returns whether a pull request has the requested values
    fn is_so(&self, now: &PullRequestRecord) -> bool {
        let same = |wanted: Option<&str>, actual: &Option<String>| {
            wanted.is_none_or(|wanted| wanted == actual.as_deref().unwrap_or_default())
        };
        same(self.title, &now.title)
            && same(self.description, &now.description)
            && same(self.target_ref_name, &now.target_ref_name)
            && self.is_draft.is_none_or(|draft| draft == now.is_draft.unwrap_or(false))
    }
}

pub(super) struct UpdatePullRequest;

impl Action for UpdatePullRequest {
    const NAME: &'static str = "update pull request";
    const NODE: &'static str = "Update pull request {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the given title, description, target branch and draft state");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Change the title of a pull request",
            inputs: serde_json::json!({ "id": 1, "title": "The release notes of 1.0" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if Body::of(input).is_empty() {
            let message = "update pull request: give title, description, targetBranch or isDraft";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let body = Body::of(&input);
        let session = cx.session(&input.session)?;
        let before = read(&session, input.id, &Self::NEEDS, false).await?;
        let source = before.source_ref_name.as_deref().and_then(|source| BranchName::parse(source).ok());
        if let (Some(source), Some(target)) = (&source, body.target_ref_name) {
            not_onto_itself(Self::NAME, source, target, false)?;
        }
        let operation = format!("update the pull request {}", input.id);
        let now = patch(&session, &before, input.id, operation, &body, |now| body.is_so(now)).await?;
        let draft = body.is_draft.map(|draft| draft.to_string());
        Differences::of(&format!("the pull request {}", input.id))
            .value("title", body.title, Some(&now.title))
            .value("description", body.description, Some(now.description.as_deref().unwrap_or_default()))
            .value("targetBranch", body.target_ref_name, Some(&now.target_branch))
            .value("isDraft", draft.as_deref(), Some(&now.is_draft.to_string()))
            .warn(&session);
        Ok(now)
    }
}
