//! `list commit statuses`

use crate::actions::commits::named::commit_id;
use crate::actions::commits::named::one_of;
use crate::actions::commits::statuses::CommitStatus;
use crate::actions::commits::statuses::StatusRecord;
use crate::actions::commits::statuses::path;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// The page size of the requests
const PAGE: usize = 100;

/// List the statuses that checks give a commit
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The commit's id; the latest commit of the branch when it is not given
    #[serde(default)]
    commit: Option<CommitId>,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when neither this nor a commit is given
    #[serde(default)]
    branch: Option<BranchName>,
    /// Whether to list the former statuses of each check too
    #[serde(default)]
    include_former: bool,
    /// The maximum number of statuses
    #[serde(default)]
    limit: Limit,
}

/// The statuses
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The statuses, in the service's order
    statuses: Vec<CommitStatus>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListCommitStatuses;

impl Action for ListCommitStatuses {
    const NAME: &'static str = "list commit statuses";
    const NODE: &'static str = r#"List commit statuses of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The checks of the latest commit of a branch",
            inputs: serde_json::json!({ "repository": "site", "branch": "main" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        one_of(Self::NAME, input.commit.as_ref(), input.branch.as_ref())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, list(&session, &input)).await
    }
}

async fn list(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, branch) = (&input.repository, input.branch.as_ref());
    let commit = commit_id(session, repository, input.commit.as_ref(), branch, &READ_NEEDS).await?;
    let subject = format!("the commit {commit} of the repository \"{repository}\"");
    let mut found: Vec<StatusRecord> = Vec::new();
    while found.len() <= input.limit.get() {
        let request = Request::get(&path(repository, &commit))
            .query("top", &PAGE.to_string())
            .query("skip", &found.len().to_string())
            .query("latestOnly", if input.include_former { "false" } else { "true" })
            .list()
            .named(format!("list the statuses of {subject}"))
            .needs(&READ_NEEDS)
            .missing(subject.clone());
        let page: List<StatusRecord> = session.send(request).await?;
        if page.value.is_empty() {
            break;
        }
        found.extend(page.value);
    }
    let page = session.cut(found, input.limit);
    let statuses = page.items.into_iter().map(|status| status.into_output(&commit)).collect();
    Ok(Output { statuses, more: page.more })
}
