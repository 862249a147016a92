//! Where a pull request is, and the one way to it.

use super::Organization;
use super::Project;
use super::git::PullRequest;
use super::git::Repository;

/// The positions of a pull request, of its repository and of its project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PullRequestPlace {
    pub(crate) project: usize,
    pub(crate) repository: usize,
    pub(crate) at: usize,
}

impl PullRequestPlace {
    /// The positions of the project and of the repository.
    pub(crate) fn of_repository(self) -> (usize, usize) {
        (self.project, self.repository)
    }
}

/// A pull request with what it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct LocatedPullRequest<'o> {
    pub(crate) project: &'o Project,
    pub(crate) repository: &'o Repository,
    pub(crate) one: &'o PullRequest,
}

impl Organization {
    pub(crate) fn pull_request(&self, place: PullRequestPlace) -> LocatedPullRequest<'_> {
        let project = &self.projects[place.project];
        let repository = &project.repositories[place.repository];
        LocatedPullRequest { project, repository, one: &repository.pull_requests[place.at] }
    }

    pub(crate) fn pull_request_mut(&mut self, place: PullRequestPlace) -> &mut PullRequest {
        &mut self.projects[place.project].repositories[place.repository].pull_requests[place.at]
    }
}
