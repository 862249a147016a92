//! The commit that an action names: by its id, or as the latest one of a branch or tag.

use crate::actions::branches::refs;
use crate::actions::files::version::version;
use crate::actions::prelude::*;

/// A commit in the list of commits
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    commit_id: String,
}

/// Fails if both a commit and a branch are given
pub(super) fn one_of(
    action: &str,
    commit: Option<&CommitId>,
    branch: Option<&BranchName>,
) -> Result<(), Error> {
    if let Some(branch) = branch {
        version(branch)?;
    }
    if commit.is_some() && branch.is_some() {
        let message = format!("{action}: give commit or branch, not both");
        return Err(Error::new(ErrorCode::InputInvalid, message));
    }
    Ok(())
}

/// Returns the id of a commit: the given one, or the latest one of the branch, or of the default branch
///
/// Errors: those of the request; `resource.not_found` for a repository without commits.
pub(super) async fn commit_id(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    commit: Option<&CommitId>,
    branch: Option<&BranchName>,
    needs: &Needs,
) -> Result<String, Error> {
    if let Some(commit) = commit {
        return Ok(commit.as_str().to_owned());
    }
    let of = branch.map_or_else(|| "the default branch".to_owned(), |branch| format!("\"{branch}\""));
    let subject = format!("{of} of the repository \"{repository}\"");
    let mut request = Request::get(&["git", "repositories", repository.as_str(), "commits"])
        .query("searchCriteria.$top", "1")
        .named(format!("look up the latest commit of {subject}"))
        .needs(needs)
        .missing(subject.clone());
    if let Some(branch) = branch {
        let (kind, version) = version(branch)?;
        request = request
            .query("searchCriteria.itemVersion.versionType", kind)
            .query("searchCriteria.itemVersion.version", version);
    }
    let found: List<Listed> = match (session.send(request).await, branch) {
        (Err(error), Some(branch)) if error.code() == ErrorCode::ResourceNotFound => {
            let is_missing =
                branch.branch().is_some() && refs::tip(session, repository, branch, needs).await?.is_none();
            return Err(match is_missing {
                true => refs::branch_not_found(session, repository, branch, needs).await,
                false => error,
            });
        }
        (found, _) => found?,
    };
    let latest = found.value.into_iter().next().map(|commit| commit.commit_id);
    latest.ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, format!("{subject} has no commit")))
}
