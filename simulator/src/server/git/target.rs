//! The addresses of Git over HTTP, and the checks before a request is run.

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::packets;
use crate::auth::Grant;
use crate::auth::Permission;
use crate::http::Content;
use crate::http::Response;
use crate::http::refusals;
use crate::state::Organization;
use crate::state::State;
use crate::state::git::Repository;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GitService {
    UploadPack,
    ReceivePack,
}

impl GitService {
    fn of(name: &str) -> Option<GitService> {
        match name {
            "git-upload-pack" => Some(GitService::UploadPack),
            "git-receive-pack" => Some(GitService::ReceivePack),
            _ => None,
        }
    }
}

/// The parts of a path, decoded: `/{organization}[/{project}]/_git/{repository}/{rest}`. Without the project it has
/// the repository's name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GitTarget {
    project: String,
    repository: String,
    /// `info/refs`, `git-upload-pack` or `git-receive-pack`.
    rest: String,
}

impl GitTarget {
    /// Returns `None` for a path that does not have this form.
    pub(crate) fn of(path: &str) -> Option<GitTarget> {
        let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let parts: Vec<String> = path.trim_matches('/').split('/').map(decode).collect();
        let at = parts.iter().position(|part| part.eq_ignore_ascii_case("_git"))?;
        let repository = parts.get(at + 1)?.clone();
        let project = match at {
            1 => repository.clone(),
            2 => parts[1].clone(),
            _ => return None,
        };
        Some(GitTarget { project, repository, rest: parts[at + 2..].join("/") })
    }

    /// Checks scope, permissions and form of a request. `Err(None)` stands for a token that is not accepted.
    pub(crate) fn job(
        &self,
        organization: &Organization,
        (position, user, grant): (usize, usize, &Grant),
        (method, query): (&str, &[(String, String)]),
    ) -> Result<GitJob, Option<Response>> {
        let named = query.iter().find(|(name, _)| name == "service").map(|(_, value)| value.as_str());
        let (service, is_advertisement) = match (method, self.rest.as_str()) {
            ("GET", "info/refs") => (named.and_then(GitService::of), true),
            ("POST", rest) => (GitService::of(rest), false),
            _ => (None, false),
        };
        let service = service.ok_or_else(|| Some(text(StatusCode::NOT_FOUND, "Page not found.")))?;
        let needed = match service {
            GitService::UploadPack => &["vso.code"],
            GitService::ReceivePack => &["vso.code_write"],
        };
        if !grant.allows(needed) {
            return Err(None);
        }
        let caller = &organization.users[user];
        let project = organization.project_position(&self.project);
        let project = project.filter(|_| !caller.may_not(Permission::ReadProject));
        let missing = || Some(text(StatusCode::NOT_FOUND, &refusals::no_repository(&self.repository)));
        let project = &organization.projects[project.ok_or_else(missing)?];
        let repository = project.enabled_repository(&self.repository).filter(|repository| {
            !caller.may_not_in(&repository.name, Permission::GenericRead) && repository.unseen.look()
        });
        let repository = repository.ok_or_else(missing)?;
        let may_push = !caller.may_not_in(&repository.name, Permission::GenericContribute);
        if service == GitService::ReceivePack && !may_push {
            let message = refusals::git_permission(Permission::GenericContribute, &caller.name, "repository");
            return Err(Some(no_push(&message)));
        }
        Ok(GitJob {
            organization: position,
            project: project.id,
            repository: repository.id,
            user,
            service,
            is_advertisement,
        })
    }
}

/// A request that passed the checks.
#[derive(Debug)]
pub(crate) struct GitJob {
    /// Position of the organization.
    pub(super) organization: usize,
    pub(super) project: Uuid,
    pub(super) repository: Uuid,
    /// Position of the user.
    pub(super) user: usize,
    service: GitService,
    is_advertisement: bool,
}

impl GitJob {
    /// Returns its repository, which can be deleted meanwhile.
    pub(super) fn repository_in<'s>(&self, state: &'s mut State) -> Option<&'s mut Repository> {
        let organization = state.organizations.get_mut(self.organization)?;
        let project = organization.projects.iter_mut().find(|project| project.id == self.project)?;
        project.repositories.iter_mut().find(|repository| repository.id == self.repository)
    }

    /// Whether the request changes refs.
    pub(super) fn is_push(&self) -> bool {
        self.service == GitService::ReceivePack && !self.is_advertisement
    }

    /// The method, what follows the repository in the path, the query, and the type of the body.
    pub(super) fn cgi(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        match (self.is_advertisement, self.service) {
            (true, GitService::UploadPack) => ("GET", "info/refs", "service=git-upload-pack", ""),
            (true, GitService::ReceivePack) => ("GET", "info/refs", "service=git-receive-pack", ""),
            (false, GitService::UploadPack) => {
                ("POST", "git-upload-pack", "", "application/x-git-upload-pack-request")
            }
            (false, GitService::ReceivePack) => {
                ("POST", "git-receive-pack", "", "application/x-git-receive-pack-request")
            }
        }
    }
}

/// git shows the text of a refusal only with this type.
fn text(status: StatusCode, message: &str) -> Response {
    Response::new(status, Content::Text, message.to_owned())
}

/// The refusal of every push, as the service sends it: as a packet of the protocol, and as text.
fn no_push(message: &str) -> Response {
    let mut body = packets::packet(b"# service=git-receive-pack\n");
    body.extend_from_slice(b"00000000");
    body.extend(packets::packet(format!("{message}\n").as_bytes()));
    body.extend_from_slice(message.as_bytes());
    Response::new(StatusCode::FORBIDDEN, Content::Text, body)
}

#[cfg(test)]
mod tests {
    use super::GitTarget;

    #[test]
    fn a_repository_is_below_its_project_or_has_its_name() {
        let parts = |path: &str| GitTarget::of(path).map(|one| (one.project, one.repository, one.rest));
        let expected = |project: &str, repository: &str, rest: &str| {
            Some((project.to_owned(), repository.to_owned(), rest.to_owned()))
        };
        assert_eq!(
            parts("/fabrikam/Two%20Words/_git/site/info/refs"),
            expected("Two Words", "site", "info/refs")
        );
        assert_eq!(parts("/fabrikam/_git/site/git-upload-pack"), expected("site", "site", "git-upload-pack"));
        for other in ["/fabrikam/_apis/git/repositories", "/fabrikam/a/b/_git/site", "/fabrikam/_git"] {
            assert_eq!(GitTarget::of(other), None, "{other}");
        }
    }
}
