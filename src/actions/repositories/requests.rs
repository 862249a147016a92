//! Requests for repositories that several actions send.

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;

/// The needs of reading a repository
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };

/// Returns the request that reads a repository by its name or id
pub(crate) fn read_request<'a>(repository: &RepositoryName, needs: &Needs) -> Request<'a> {
    let subject = format!("the repository \"{repository}\"");
    Request::get(&["git", "repositories", repository.as_str()])
        .named(format!("look up {subject}"))
        .needs(needs)
        .missing(subject)
}

/// Finds a repository; requests that change a repository need its id
pub(crate) async fn find(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    needs: &Needs,
) -> Result<Repository, Error> {
    in_repository(session, repository, session.send(read_request(repository, needs))).await
}

/// Returns the default branch of a repository
///
/// Errors: `resource.not_found` for a repository that does not exist or has no commit yet.
pub(crate) async fn default_branch(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    needs: &Needs,
) -> Result<BranchName, Error> {
    let found = find(session, repository, needs).await?;
    let branch = found.default_branch.and_then(|branch| BranchName::parse(&branch).ok());
    branch.ok_or_else(|| {
        let message = format!("the repository \"{repository}\" has no default branch");
        Error::new(ErrorCode::ResourceNotFound, message)
            .help("Name a branch, or set the default branch with Update repository.")
    })
}

/// Returns the request that lists the project's repositories, in one page
pub(crate) fn list_request(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["git", "repositories"])
        .list()
        .named(format!("list the repositories of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// Runs requests in a repository; the error for what does not exist says whether the repository is the reason
///
/// A repository that does not exist gets similar names. A disabled one, whose content the service hides, and an empty one
/// have their own words, which takes one more request. Other errors stay as they are.
pub(crate) async fn in_repository<T>(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match work.await {
        Err(error) if error.code() == ErrorCode::ResourceNotFound => {
            Err(explained(session, repository, error).await)
        }
        result => result,
    }
}

/// Runs requests that need the content of a repository without naming it, such as the run of a pipeline
///
/// The service then rejects them in words of its own, so a rejected request is explained too, as in [`in_repository`].
pub(crate) async fn with_repository<T>(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match work.await {
        Err(error) if may_be_of_repository(&error) => Err(explained(session, repository, error).await),
        result => result,
    }
}

/// Returns whether the state of a repository may be the reason of an error of a request that does not name it
pub(crate) fn may_be_of_repository(error: &Error) -> bool {
    match error.code() {
        ErrorCode::ResourceNotFound | ErrorCode::ServiceRejected => true,
        // An exception of the service, not an overload.
        ErrorCode::ServiceUnavailable => error.context_value("typeKey").is_some(),
        _ => false,
    }
}

/// Returns the names of the project's disabled repositories, for what may be in one of them; none if they cannot be listed
pub(crate) async fn disabled(session: &OpenSession<'_>) -> Vec<String> {
    let all = session.send_list::<Repository>(list_request(session)).await.unwrap_or_default();
    let disabled = all.into_iter().filter(|one| one.is_disabled == Some(true));
    disabled.map(|one| printable(&one.name, 256)).collect()
}

/// Returns the error for what does not exist in a repository, with the state of the repository if that is the reason
pub(crate) async fn explained(session: &OpenSession<'_>, repository: &RepositoryName, error: Error) -> Error {
    let Ok(all) = session.send_list::<Repository>(list_request(session)).await else { return error };
    let is_this = |one: &&Repository| {
        one.id.eq_ignore_ascii_case(repository.as_str()) || same_name(&one.name, repository.as_str())
    };
    let found = all.iter().find(is_this);
    let because = |why: &str, help: &'static str| {
        let name = found.map_or_else(|| repository.to_string(), |one| printable(&one.name, 256));
        let message = format!("the repository \"{name}\" is {why}");
        Error::new(ErrorCode::ResourceNotFound, message).help(help)
    };
    match found {
        Some(found) if found.is_disabled == Some(true) => because(
            "disabled: its content is not accessible",
            "Enable it with Update repository (isDisabled false).",
        )
        .caused_by(error),
        Some(found) if found.default_branch.is_none() && found.size.unwrap_or(0) == 0 => because(
            "empty: it has no branch, commit or file yet",
            "Use Commit files to create its first branch.",
        )
        .caused_by(error),
        Some(_) => error,
        None if error.context_value("typeKey") == Some("GitRepositoryNotFoundException") => {
            let names =
                async { Ok(all.into_iter().map(|one| ResourceName { name: Some(one.name) }).collect()) };
            with_similar_names(error, repository.as_str(), names).await
        }
        None => error,
    }
}

fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Creates a repository, empty or as a fork
pub(crate) async fn create(
    session: &OpenSession<'_>,
    name: &RepositoryName,
    parent: Option<&Repository>,
    needs: &Needs,
) -> Result<Repository, Error> {
    let project = &session.connection().project().id;
    let body = Body {
        name: name.as_str(),
        project: Id { id: project },
        parent_repository: parent.map(|parent| Parent { id: &parent.id, project: Id { id: project } }),
    };
    let request = Request::post(&["git", "repositories"])
        .json(&body)?
        .named(format!("create the repository \"{name}\" in the project \"{}\"", session.project()))
        .needs(needs)
        .missing(format!("the project \"{}\"", session.project()));
    let lookup = |_| async {
        Ok(session.send(read_request(name, needs)).await.map(Candidate::unproven).into_iter().collect())
    };
    session.settle_creation("repository", session.send(request), lookup).await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    name: &'a str,
    project: Id<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_repository: Option<Parent<'a>>,
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Parent<'a> {
    id: &'a str,
    project: Id<'a>,
}
