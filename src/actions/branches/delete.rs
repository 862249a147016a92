//! `delete branch`

use crate::actions::branches::refs;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::branches::refs::is_branch;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::in_repository;

/// Delete a branch of a Git repository
///
/// The commits stay until the service cleans up: the output has the last commit of the branch, from which the branch
/// can be created again. If the branch moves in the meantime, it is not deleted and the action fails with
/// `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The exact name of the branch
    branch: BranchName,
}

/// The branch that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The short name: release/7
    name: String,
    /// The last commit of the branch
    commit_id: String,
}

pub(super) struct DeleteBranch;

impl Action for DeleteBranch {
    const NAME: &'static str = "delete branch";
    const NODE: &'static str = r#"Delete branch "{{branch}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::FORCE_PUSH, permissions::CONTRIBUTE],
        scope: Some(Scope::CodeWrite),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the branch no longer exists");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("branch", "branch").id(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a branch that is no longer needed",
            inputs: serde_json::json!({ "repository": "site", "branch": "topic" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        is_branch(Self::NAME, &input.branch)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, delete(&session, &input)).await
    }
}

async fn delete(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, branch, needs) = (&input.repository, &input.branch, &DeleteBranch::NEEDS);
    let Some(commit) = refs::tip(session, repository, branch, needs).await? else {
        return Err(refs::branch_not_found(session, repository, branch, needs).await);
    };
    let gone = async {
        let tip = refs::tip(session, repository, branch, needs).await?;
        Ok(tip.is_none().then(|| NO_OBJECT.to_owned()))
    };
    session
        .settle_state(refs::update(session, repository, branch, (&commit, NO_OBJECT), needs), gone)
        .await?;
    Ok(Output { name: branch.short().to_owned(), commit_id: commit })
}
