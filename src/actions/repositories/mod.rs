//! Git repositories.

mod create;
mod delete;
mod get;
mod import;
mod list;
mod update;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::actions::OpenSession;
use crate::actions::missing::Named;
use crate::actions::missing::with_near;
use crate::contract::BranchName;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::RepositoryName;
use crate::contract::Scope;
use crate::contract::TextKind;
use crate::contract::permissions;
use crate::devops::Record;
use crate::devops::Request;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Repositories",
    actions: &[
        Entry::of::<list::ListRepositories>(),
        Entry::of::<get::GetRepository>(),
        Entry::of::<create::CreateRepository>(),
        Entry::of::<import::ImportRepository>(),
        Entry::of::<update::UpdateRepository>(),
        Entry::of::<delete::DeleteRepository>(),
    ],
};

/// A Git repository, as the service describes it; what it leaves out is absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    /// The repository's id
    pub(super) id: String,
    /// The repository's name
    pub(super) name: String,
    /// The default branch as a full ref; absent while the repository is empty
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) default_branch: Option<String>,
    /// The size in bytes
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// Whether the repository is disabled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_disabled: Option<bool>,
    /// The address to clone from
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote_url: Option<String>,
    /// The address in a browser
    #[serde(default, skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

impl Made for Repository {
    /// The service says neither when a repository was made nor by whom
    fn created(&self) -> Option<OffsetDateTime> {
        None
    }

    fn maker(&self) -> Option<&str> {
        None
    }

    fn label(&self) -> String {
        format!("the repository {}", self.name)
    }

    fn link(&self) -> Option<&str> {
        self.web_url.as_deref()
    }
}

impl Record for Repository {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// What reading a repository needs
pub(super) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };

/// Asks for a repository by its name or id
fn one<'a>(repository: &RepositoryName, needs: &Needs) -> Request<'a> {
    let thing = format!("the repository \"{repository}\"");
    Request::get(&["git", "repositories", repository.as_str()])
        .named(format!("look up {thing}"))
        .needs(needs)
        .missing(thing)
}

/// Finds a repository, which the service takes by id alone where it is changed as a whole
pub(super) async fn find(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    needs: &Needs,
) -> Result<Repository, Error> {
    in_repository(session, repository, session.send(one(repository, needs))).await
}

/// The repository's default branch
///
/// Errors: `resource.not_found` for a repository that is not there, or has no commit yet.
pub(super) async fn default_branch(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    needs: &Needs,
) -> Result<BranchName, Error> {
    let found = find(session, repository, needs).await?;
    let branch = found.default_branch.and_then(|branch| BranchName::parse(&branch).ok());
    branch.ok_or_else(|| {
        let message = format!("the repository \"{repository}\" is empty: it has no default branch");
        Error::new(ErrorCode::ResourceNotFound, message).help("Commit files creates its first branch.")
    })
}

/// Asks for the project's repositories, which come in one answer
fn all(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["git", "repositories"])
        .list()
        .named(format!("list the repositories of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// What comes of work in a repository; one that is not there is told with the names near to it
///
/// Other things that are not there, as a branch or a file, are told by the work itself.
pub(super) async fn in_repository<T>(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match work.await {
        Err(error) if error.context_value("typeKey") == Some("GitRepositoryNotFoundException") => {
            let names = session.send_list::<Named>(all(session));
            Err(with_near(error, repository.as_str(), names).await)
        }
        result => result,
    }
}
