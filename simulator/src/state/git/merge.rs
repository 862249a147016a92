//! Merging a branch into another by whole files. A path that both changed differently is a conflict.

use std::collections::HashSet;

use super::objects::Commit;
use super::objects::Files;
use super::objects::ObjectId;
use super::objects::Signature;
use super::objects::changed;
use super::pull_request::Status;
use super::repository::Repository;

/// Applies the changes between two sets of files to a third.
fn carry(before: &Files, after: &Files, to: &mut Files) {
    for path in changed(before, after) {
        match after.get(&path) {
            Some(blob) => drop(to.insert(path, blob.clone())),
            None => drop(to.remove(&path)),
        }
    }
}

impl Repository {
    /// Returns the newest commit that two commits have in common.
    pub(crate) fn merge_base(&self, source: ObjectId, target: ObjectId) -> Option<&Commit> {
        let of_source: HashSet<ObjectId> = self.history(source).map(|commit| commit.id).collect();
        self.history(target).find(|commit| of_source.contains(&commit.id))
    }

    /// Returns the files of a merge, or the paths in conflict.
    pub(crate) fn merged(&self, source: ObjectId, target: ObjectId) -> Result<Files, Vec<String>> {
        let nothing = Files::new();
        let files = |id: ObjectId| self.commit(id).map_or(&nothing, |commit| &commit.files);
        let base = self.merge_base(source, target).map_or(&nothing, |commit| &commit.files);
        let (ours, theirs) = (files(target), files(source));
        let id = |files: &Files, path: &str| files.get(path).map(|blob| (blob.id, blob.mode.as_str()));
        let conflicts: Vec<String> = changed(base, theirs)
            .intersection(&changed(base, ours))
            .filter(|path| id(ours, path) != id(theirs, path))
            .cloned()
            .collect();
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        let mut merged = ours.clone();
        carry(base, theirs, &mut merged);
        Ok(merged)
    }

    /// Tries the merge of an active pull request, as the service does, and keeps its commit.
    pub(crate) fn try_merge(&mut self, at: usize, author: &Signature) {
        let one = &self.pull_requests[at];
        let Some((source, target)) = one.tips(&self.refs).filter(|_| one.status == Status::Active) else {
            return;
        };
        let tried = one.merged.and_then(|id| self.commit(id));
        if tried.is_some_and(|commit| commit.parents == [target, source]) {
            return;
        }
        let short = |name: &str| name.trim_start_matches("refs/heads/").to_owned();
        let (id, from, to) = (one.id, short(&one.source), short(&one.target));
        let message = format!("Merge pull request {id} from {from} into {to}");
        let commit = self
            .merged(source, target)
            .ok()
            .map(|files| Commit::new(files, vec![target, source], author.clone(), &message));
        self.pull_requests[at].merged = commit.as_ref().map(|commit| commit.id);
        self.add_commits(commit);
    }

    /// Creates the commits of a pull request's completion on its target, and returns the last one.
    ///
    /// `strategy` is in the service's words: `noFastForward`, `squash`, `rebase`, `rebaseMerge`.
    pub(crate) fn complete(
        &mut self,
        source: ObjectId,
        target: ObjectId,
        strategy: &str,
        author: &Signature,
        message: &str,
    ) -> Result<ObjectId, Vec<String>> {
        let files = self.merged(source, target)?;
        let mut tip = target;
        if strategy.starts_with("rebase") {
            for commit in self.own_commits(source, target) {
                let parent = commit.parents.first().and_then(|id| self.commit(*id));
                let before = parent.map(|parent| parent.files.clone()).unwrap_or_default();
                let mut onto = self.commit(tip).map(|commit| commit.files.clone()).unwrap_or_default();
                carry(&before, &commit.files, &mut onto);
                let moved = Commit::new(onto, vec![tip], commit.author.clone(), &commit.message);
                tip = moved.id;
                self.add_commits([moved]);
            }
        }
        let parents = match strategy {
            "rebase" => return Ok(tip),
            "squash" => vec![target],
            "rebaseMerge" => vec![target, tip],
            _ => vec![target, source],
        };
        let merge = Commit::new(files, parents, author.clone(), message);
        let id = merge.id;
        self.add_commits([merge]);
        Ok(id)
    }

    /// Returns the commits of a branch that another one does not have, oldest first, without merges.
    fn own_commits(&self, source: ObjectId, target: ObjectId) -> Vec<Commit> {
        let known: HashSet<ObjectId> = self.history(target).map(|commit| commit.id).collect();
        let own =
            self.history(source).filter(|commit| !known.contains(&commit.id) && commit.parents.len() < 2);
        let mut own: Vec<Commit> = own.cloned().collect();
        own.reverse();
        own
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::super::objects::ObjectId;
    use super::super::objects::Signature;
    use super::super::repository::Change;
    use super::super::repository::Draft;
    use super::super::repository::MAIN;
    use super::super::repository::Repository;

    fn author() -> Signature {
        Signature {
            name: "Ann".to_owned(),
            email: "ann@fabrikam.example".to_owned(),
            at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn push(repository: &mut Repository, name: &str, old: ObjectId, path: &str, content: &str) -> ObjectId {
        let there = repository.commit(old).is_some_and(|commit| commit.files.contains_key(path));
        let (path, content) = (path.to_owned(), content.as_bytes().to_vec());
        let change = if there { Change::Edit { path, content } } else { Change::Add { path, content } };
        let draft = Draft { message: "m".to_owned(), author: author(), changes: vec![change] };
        *repository.push(name, old, vec![draft]).unwrap().last().unwrap()
    }

    #[test]
    fn every_strategy_brings_both_sides_together_in_its_own_shape() {
        for (strategy, commits, parents) in
            [("noFastForward", 5, 2), ("squash", 3, 1), ("rebase", 4, 1), ("rebaseMerge", 5, 2)]
        {
            let mut repository = Repository::new("site");
            let base = push(&mut repository, MAIN, ObjectId::ZERO, "a", "1");
            let topic = push(&mut repository, "refs/heads/topic", base, "b", "1");
            let topic = push(&mut repository, "refs/heads/topic", topic, "b", "2");
            let main = push(&mut repository, MAIN, base, "c", "1");
            let tip = repository.complete(topic, main, strategy, &author(), "Merged").unwrap();
            let merged = repository.commit(tip).unwrap();
            assert_eq!(merged.files.keys().collect::<Vec<_>>(), ["a", "b", "c"], "{strategy}");
            assert_eq!(merged.parents.len(), parents, "{strategy}");
            assert_eq!(repository.history(tip).count(), commits, "{strategy}");
        }
    }

    #[test]
    fn a_path_that_both_sides_changed_differently_is_a_conflict() {
        let mut repository = Repository::new("site");
        let base = push(&mut repository, MAIN, ObjectId::ZERO, "a", "1");
        let topic = push(&mut repository, "refs/heads/topic", base, "a", "2");
        let main = push(&mut repository, MAIN, base, "a", "3");
        assert_eq!(repository.merged(topic, main).unwrap_err(), ["a"]);
        let same = push(&mut repository, MAIN, main, "a", "2");
        assert!(repository.merged(topic, same).is_ok(), "both made it the same");
    }
}
