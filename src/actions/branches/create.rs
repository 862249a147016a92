//! `create branch`

use time::OffsetDateTime;

use crate::actions::branches::pushes;
use crate::actions::branches::pushes::Pushed;
use crate::actions::branches::refs;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::branches::refs::is_branch;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::default_branch;
use crate::actions::repositories::requests::in_repository;

/// Create a branch of a Git repository
///
/// The branch starts at a commit, at another branch, or at the default branch. If the branch exists already, the action
/// fails with `resource.conflict`. When the response is lost, the action looks for the push that created the branch.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The new branch
    branch: BranchName,
    /// The branch to start from; the default branch when neither this nor a commit is given
    #[serde(default)]
    from_branch: Option<BranchName>,
    /// The commit to start from
    #[serde(default)]
    from_commit: Option<CommitId>,
}

/// The branch that was created
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The short name: release/7
    name: String,
    /// The full ref
    r#ref: String,
    /// The commit that it points to
    commit_id: String,
}

pub(super) struct CreateBranch;

impl Action for CreateBranch {
    const NAME: &'static str = "create branch";
    const NODE: &'static str = r#"Create branch "{{branch}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CREATE_BRANCH, permissions::CONTRIBUTE],
        scope: Some(Scope::CodeWrite),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the push that created the branch, and the commit that it starts from");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("branch", "branch").id(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "A branch at the latest commit of another one",
            inputs: serde_json::json!({ "repository": "site", "branch": "release/7", "fromBranch": "main" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        is_branch(Self::NAME, &input.branch)?;
        if input.from_branch.is_some() && input.from_commit.is_some() {
            let message = "create branch: give fromBranch or fromCommit, not both";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, create(&session, &input)).await
    }
}

async fn create(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, branch, needs) = (&input.repository, &input.branch, &CreateBranch::NEEDS);
    let commit = match &input.from_commit {
        Some(commit) => commit.as_str().to_owned(),
        None => {
            let from = match &input.from_branch {
                Some(from) => from.clone(),
                None => default_branch(session, repository, needs).await?,
            };
            match refs::tip(session, repository, &from, needs).await? {
                Some(commit) => commit,
                None => return Err(refs::branch_not_found(session, repository, &from, needs).await),
            }
        }
    };
    let send = async {
        let new = refs::update(session, repository, branch, (NO_OBJECT, &commit), needs).await?;
        Ok(Pushed::answered(0, branch, new, None))
    };
    let search = |since: OffsetDateTime| {
        let commit = &commit;
        async move {
            let found = pushes::pushes(session, repository, branch, NO_OBJECT, needs, since).await?;
            let compared = |push: Pushed| {
                let is_equal = push.new.eq_ignore_ascii_case(commit);
                Comparison::default()
                    .field("branch", Some(true))
                    .field("commit", Some(is_equal))
                    .candidate(push)
            };
            Ok(found.into_iter().filter_map(compared).collect())
        }
    };
    let made = session.settle_creation("branch", send, search).await?;
    Ok(Output { name: branch.short().to_owned(), r#ref: branch.full().to_owned(), commit_id: made.new })
}
