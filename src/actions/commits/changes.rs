//! `list commit changes`

use std::time::Duration;

use crate::actions::commits::named::commit_id;
use crate::actions::commits::named::one_of;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;
use crate::actions::shared::changed_files::ChangeRecord;
use crate::actions::shared::changed_files::ChangedFile;
use crate::actions::shared::changed_files::PAGE;
use crate::actions::shared::changed_files::listed;
use crate::actions::shared::changed_files::time_limit;

/// List the files that a commit changed
///
/// The changes of a merge commit are those against its first parent. On request, each text file has its differences as a
/// unified diff.
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
    /// Whether to return the differences of each text file too, as `diff`
    #[serde(default)]
    include_diff: bool,
    /// The maximum number of files
    #[serde(default)]
    limit: Limit,
}

/// The changed files
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The changed files, by path
    changes: Vec<ChangedFile>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A page of changes
#[derive(Deserialize)]
struct Changes {
    #[serde(default)]
    changes: Option<Vec<ChangeRecord>>,
}

pub(super) struct ListCommitChanges;

impl Action for ListCommitChanges {
    const NAME: &'static str = "list commit changes";
    const NODE: &'static str = r#"List commit changes of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "What the latest commit of a branch changed",
                inputs: serde_json::json!({ "repository": "site", "branch": "main" }),
            },
            Example {
                title: "The same, with the differences",
                inputs: serde_json::json!({ "repository": "site", "branch": "main", "includeDiff": true }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        one_of(Self::NAME, input.commit.as_ref(), input.branch.as_ref())
    }

    fn time_limit(input: &Input) -> Duration {
        time_limit(input.include_diff)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, list(&session, &input)).await
    }
}

async fn list(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, branch) = (&input.repository, input.branch.as_ref());
    let id = commit_id(session, repository, input.commit.as_ref(), branch, &READ_NEEDS).await?;
    let subject = format!("the commit {id} of the repository \"{repository}\"");
    let mut records = Vec::new();
    let mut skip = 0;
    // Folders are changes too, and are left out. The response does not say which page is the last.
    while records.len() <= input.limit.get() {
        let request = Request::get(&["git", "repositories", repository.as_str(), "commits", &id, "changes"])
            .query("top", &PAGE.to_string())
            .query("skip", &skip.to_string())
            .list()
            .named(format!("list the changes of {subject}"))
            .needs(&READ_NEEDS)
            .missing(subject.clone());
        let page: Changes = session.send(request).await?;
        let page = page.changes.unwrap_or_default();
        if page.is_empty() {
            break;
        }
        skip += page.len();
        records.extend(page.into_iter().filter(ChangeRecord::is_file));
    }
    let page = session.cut(records, input.limit);
    let changes = listed(session, repository.as_str(), page.items, input.include_diff, &READ_NEEDS).await?;
    Ok(Output { changes, more: page.more })
}
