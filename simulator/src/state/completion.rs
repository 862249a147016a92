//! The completion of a pull request: merging, deleting the source branch, and recording both.

use super::LocatedPullRequest;
use super::Organization;
use super::PullRequestPlace;
use super::Unseen;
use crate::state::git::ObjectId;
use crate::state::git::PushRecord;
use crate::state::git::Signature;
use crate::state::git::Status;

impl Organization {
    /// Begins the completion of a pull request with auto-complete that its policies no longer block.
    pub(crate) fn complete_when_policies_are_met(&mut self, place: PullRequestPlace) {
        let LocatedPullRequest { repository, one, .. } = self.pull_request(place);
        let works = one
            .tips(&repository.refs)
            .is_some_and(|(source, target)| repository.merged(source, target).is_ok());
        let is_due = one.status == Status::Active
            && one.completing.is_none()
            && !one.is_draft
            && one.blocked_by(&repository.policies).is_empty();
        if is_due && works {
            let one = self.pull_request_mut(place);
            one.completing = one.auto_complete.clone();
        }
    }

    /// Advances a completion that is in progress, and carries it out when it is due.
    pub(crate) fn advance_completion(&mut self, place: PullRequestPlace) {
        let now = self.now();
        let Some(completion) = &mut self.pull_request_mut(place).completing else { return };
        if completion.polls > 1 {
            completion.polls -= 1;
            return;
        }
        let completion = completion.clone();
        let user = &self.users[completion.by];
        let author = Signature::new(&user.name, &user.email, now);
        let repository = &mut self.projects[place.project].repositories[place.repository];
        let one = &repository.pull_requests[place.at];
        let usual = || format!("Merged PR {}: {}", one.id, one.title);
        let message = completion.message.clone().unwrap_or_else(usual);
        let (source_name, target_name) = (one.source.clone(), one.target.clone());
        let merged = one.tips(&repository.refs).and_then(|(source, target)| {
            let tip = repository.complete(source, target, &completion.strategy, &author, &message).ok()?;
            Some((source, target, tip))
        });
        repository.pull_requests[place.at].completing = None;
        let Some((source, target, tip)) = merged else { return };
        let pusher = completion.by;
        repository.refs.insert(target_name.clone(), tip);
        repository.record(PushRecord {
            number: 0,
            at: now,
            pusher,
            name: target_name,
            old: target,
            new: tip,
            unseen: Unseen::default(),
        });
        if completion.delete_source {
            repository.remove_ref(&source_name);
            repository.record(PushRecord {
                number: 0,
                at: now,
                pusher,
                name: source_name,
                old: source,
                new: ObjectId::ZERO,
                unseen: Unseen::default(),
            });
        }
        let one = &mut repository.pull_requests[place.at];
        (one.status, one.closed, one.closed_at, one.merged) =
            (Status::Completed, Some(now), Some((source, target)), Some(tip));
        one.closed_by = Some(pusher);
    }
}
