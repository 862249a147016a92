//! A Git repository: refs, commits and pushes, without I/O and HTTP.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::commit_status::CommitStatus;
use super::history::History;
use super::objects::AnnotatedTag;
use super::objects::Blob;
use super::objects::Commit;
use super::objects::Files;
use super::objects::ObjectId;
use super::objects::Signature;
use super::pull_request::Policy;
use super::pull_request::PullRequest;
use crate::state::Unseen;

/// The name of a repository's first branch.
pub(crate) const MAIN: &str = "refs/heads/main";

/// A Git repository.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Repository {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// A full ref name; none until the first push.
    pub(crate) default_branch: Option<String>,
    /// Full ref names and their commits.
    pub(crate) refs: BTreeMap<String, ObjectId>,
    pub(crate) is_disabled: bool,
    /// The repository that it was forked from.
    pub(crate) parent: Option<Uuid>,
    pub(crate) imports: Vec<Import>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) pull_requests: Vec<PullRequest>,
    pub(crate) pushes: Vec<PushRecord>,
    /// The number of the latest push. The first has 1.
    #[serde(default)]
    pub(in crate::state) last_push: usize,
    /// The objects of annotated tags.
    #[serde(default)]
    pub(crate) tags: Vec<AnnotatedTag>,
    #[serde(default)]
    pub(crate) statuses: Vec<CommitStatus>,
    pub(crate) unseen: Unseen,
    /// Who has locked a branch, by full ref name: the position of the user.
    #[serde(default)]
    pub(crate) locks: BTreeMap<String, usize>,
    /// New branches, by full ref name.
    pub(crate) new_refs: BTreeMap<String, Unseen>,
    history: History,
}

/// An accepted push.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PushRecord {
    /// Assigned when the push is recorded.
    #[serde(default)]
    pub(crate) number: usize,
    pub(crate) at: OffsetDateTime,
    /// Position of the user.
    pub(crate) pusher: usize,
    pub(crate) name: String,
    pub(crate) old: ObjectId,
    pub(crate) new: ObjectId,
    pub(crate) unseen: Unseen,
}

/// The import of a repository.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Import {
    pub(crate) id: u32,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) overwrite: bool,
    /// The number of requests that still see it in progress.
    pub(crate) polls: u32,
    /// The error of an import that fails.
    pub(crate) failure: Option<String>,
}

/// A change of a file in a commit. Paths have no leading `/`.
#[derive(Debug)]
pub(crate) enum Change {
    Add { path: String, content: Vec<u8> },
    Edit { path: String, content: Vec<u8> },
    Delete { path: String },
    Rename { from: String, to: String, content: Option<Vec<u8>> },
}

/// A commit to be created.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) message: String,
    pub(crate) author: Signature,
    pub(crate) changes: Vec<Change>,
}

/// Why a push was refused, without any effect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PushError {
    /// The ref is not at the commit that the push expects.
    Stale,
    /// The file to be added exists.
    PathExists(String),
    /// The file to be changed does not exist.
    PathMissing(String),
}

impl Repository {
    /// A repository without commits.
    pub(crate) fn new(name: &str) -> Repository {
        Repository {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            default_branch: None,
            refs: BTreeMap::new(),
            is_disabled: false,
            parent: None,
            imports: Vec::new(),
            policies: Vec::new(),
            pull_requests: Vec::new(),
            pushes: Vec::new(),
            last_push: 0,
            tags: Vec::new(),
            statuses: Vec::new(),
            unseen: Unseen::default(),
            locks: BTreeMap::new(),
            new_refs: BTreeMap::new(),
            history: History::default(),
        }
    }

    pub(crate) fn commit(&self, id: ObjectId) -> Option<&Commit> {
        self.history.commit(id)
    }

    /// Returns the commit of a ref, through an annotated tag if it is one.
    pub(crate) fn at_ref(&self, name: &str) -> Option<&Commit> {
        let id = *self.refs.get(name)?;
        self.commit(self.annotated_tag(id).map_or(id, |tag| tag.tagged))
    }

    /// Returns the object of an annotated tag by its identifier.
    pub(crate) fn annotated_tag(&self, id: ObjectId) -> Option<&AnnotatedTag> {
        self.tags.iter().find(|tag| tag.id == id)
    }

    /// Returns a file's content by its identifier.
    pub(crate) fn blob(&self, id: ObjectId) -> Option<&Blob> {
        self.history.blob(id)
    }

    /// Returns the position of the user who has locked a branch, if it is another one.
    pub(crate) fn locked_by_another(&self, name: &str, user: usize) -> Option<usize> {
        self.locks.get(name).copied().filter(|by| *by != user)
    }

    /// Removes a ref with its lock.
    pub(crate) fn remove_ref(&mut self, name: &str) {
        self.refs.remove(name);
        self.locks.remove(name);
    }

    /// Returns whether a request for a ref sees it.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.new_refs.get(name).is_none_or(Unseen::look)
    }

    /// Returns the size of all files on the default branch: close to the service's number, and 0 if there are none.
    pub(crate) fn size(&self) -> usize {
        let tip = self.default_branch.as_deref().and_then(|name| self.at_ref(name));
        tip.map_or(0, |commit| commit.files.values().map(|file| file.content.len()).sum())
    }

    /// Returns a commit and its ancestors, newest first.
    pub(crate) fn history(&self, from: ObjectId) -> impl Iterator<Item = &Commit> {
        self.history.back_from(from)
    }

    /// Returns all commits, parents first, also those that no ref reaches.
    pub(crate) fn commits(&self) -> impl Iterator<Item = &Commit> {
        self.history.all()
    }

    /// Adds commits, parents first.
    pub(crate) fn add_commits(&mut self, commits: impl IntoIterator<Item = Commit>) {
        commits.into_iter().for_each(|commit| self.history.add(commit));
    }

    /// Records the move of a ref, and assigns the push its number.
    pub(crate) fn record(&mut self, push: PushRecord) -> usize {
        self.last_push += 1;
        self.pushes.push(PushRecord { number: self.last_push, ..push });
        self.last_push
    }

    /// Copies the contents of another repository, for a fork or an import.
    pub(crate) fn copy_of(&mut self, other: &Repository) {
        self.default_branch.clone_from(&other.default_branch);
        self.refs.clone_from(&other.refs);
        self.tags.clone_from(&other.tags);
        self.add_commits(other.history.all().cloned());
    }

    /// Pushes commits to a ref. `old` is the commit where the pusher expects the ref: zero for a new branch without
    /// history, or the commit where a new branch starts.
    pub(crate) fn push(
        &mut self,
        name: &str,
        old: ObjectId,
        drafts: Vec<Draft>,
    ) -> Result<Vec<ObjectId>, PushError> {
        let begins_at_commit = !self.refs.contains_key(name) && self.commit(old).is_some();
        let current = self.refs.get(name).copied().unwrap_or_default();
        if current != old && !begins_at_commit {
            return Err(PushError::Stale);
        }
        let mut parent = (old != ObjectId::ZERO).then_some(old);
        let mut files =
            parent.and_then(|id| self.commit(id)).map(|commit| commit.files.clone()).unwrap_or_default();
        let mut made = Vec::new();
        for draft in drafts {
            for change in draft.changes {
                apply(&mut files, change)?;
            }
            let commit =
                Commit::new(files.clone(), parent.into_iter().collect(), draft.author, &draft.message);
            parent = Some(commit.id);
            made.push(commit);
        }
        let ids: Vec<ObjectId> = made.iter().map(|commit| commit.id).collect();
        self.add_commits(made);
        if let Some(tip) = ids.last() {
            self.refs.insert(name.to_owned(), *tip);
        }
        if self.default_branch.is_none() && name.starts_with("refs/heads/") {
            self.default_branch = Some(name.to_owned());
        }
        Ok(ids)
    }

    /// Puts whole files on a branch that starts at `main`, to create the repository that a world describes.
    pub(crate) fn fill(&mut self, branch: &str, files: &BTreeMap<String, String>, user: &str, email: &str) {
        let old = self.refs.get(MAIN).copied().unwrap_or_default();
        let there = self.commit(old).map(|commit| &commit.files);
        let changes = files
            .iter()
            .map(|(path, content)| {
                let path = path.trim_start_matches('/').to_owned();
                let content = content.clone().into_bytes();
                if there.is_some_and(|files| files.contains_key(&path)) {
                    Change::Edit { path, content }
                } else {
                    Change::Add { path, content }
                }
            })
            .collect();
        let author = Signature::new(user, email, std::time::SystemTime::now().into());
        let draft = Draft { message: "Added by the world".to_owned(), author, changes };
        // The changes fit the files by construction, and the branch is new.
        let pushed = self.push(branch, old, vec![draft]);
        debug_assert!(pushed.is_ok(), "{pushed:?}");
    }
}

fn apply(files: &mut Files, change: Change) -> Result<(), PushError> {
    match change {
        Change::Add { path, content } => {
            check_free(files, &path)?;
            files.insert(path, Blob::new(&content));
        }
        Change::Edit { path, content } => match files.get_mut(&path) {
            Some(file) => *file = Blob::new(&content).with_mode(file.mode),
            None => return Err(PushError::PathMissing(path)),
        },
        Change::Delete { path } => {
            files.remove(&path).ok_or(PushError::PathMissing(path))?;
        }
        Change::Rename { from, to, content } => {
            check_free(files, &to)?;
            let file = files.remove(&from).ok_or(PushError::PathMissing(from))?;
            let mode = file.mode;
            files.insert(to, content.map_or(file, |content| Blob::new(&content).with_mode(mode)));
        }
    }
    Ok(())
}

/// A path is free if no file has it, no folder has it, and no part of it is a file.
fn check_free(files: &Files, path: &str) -> Result<(), PushError> {
    let folder = format!("{path}/");
    let is_folder = files.range(folder.clone()..).next().is_some_and(|(other, _)| other.starts_with(&folder));
    let on_the_way = path.match_indices('/').map(|(end, _)| &path[..end]);
    if let Some(file) = on_the_way.chain([path]).find(|part| files.contains_key(*part)) {
        return Err(PushError::PathExists(file.to_owned()));
    }
    if is_folder { Err(PushError::PathExists(path.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(changes: Vec<Change>) -> Draft {
        let author = Signature {
            name: "Ann".to_owned(),
            email: "ann@fabrikam.example".to_owned(),
            at: OffsetDateTime::UNIX_EPOCH,
        };
        Draft { message: "m".to_owned(), author, changes }
    }

    fn add(path: &str) -> Change {
        Change::Add { path: path.to_owned(), content: b"x".to_vec() }
    }

    fn filled() -> (Repository, ObjectId) {
        let mut repository = Repository::new("site");
        let tip = repository.push(MAIN, ObjectId::ZERO, vec![draft(vec![add("a")])]).unwrap()[0];
        (repository, tip)
    }

    #[test]
    fn the_first_push_sets_the_default_branch() {
        let (repository, tip) = filled();
        assert_eq!(repository.default_branch.as_deref(), Some(MAIN));
        assert_eq!(repository.refs[MAIN], tip);
    }

    #[test]
    fn several_commits_build_on_each_other() {
        let (mut repository, tip) = filled();
        let ids = repository.push(MAIN, tip, vec![draft(vec![add("b")]), draft(vec![add("c")])]).unwrap();
        let history: Vec<_> = repository.history(ids[1]).map(|commit| commit.id).collect();
        assert_eq!(history, [ids[1], ids[0], tip]);
        assert_eq!(repository.at_ref(MAIN).unwrap().files.len(), 3);
    }

    #[test]
    fn a_refused_push_changes_nothing() {
        let edit = Change::Edit { path: "x".to_owned(), content: Vec::new() };
        let rename = Change::Rename { from: "x".to_owned(), to: "y".to_owned(), content: None };
        let rows = [
            (vec![add("b"), add("a")], PushError::PathExists("a".to_owned())),
            (vec![add("a/b")], PushError::PathExists("a".to_owned())),
            (vec![add("f/b"), add("f")], PushError::PathExists("f".to_owned())),
            (vec![edit], PushError::PathMissing("x".to_owned())),
            (vec![Change::Delete { path: "x".to_owned() }], PushError::PathMissing("x".to_owned())),
            (vec![rename], PushError::PathMissing("x".to_owned())),
        ];
        for (changes, expected) in rows {
            let (mut repository, tip) = filled();
            assert_eq!(repository.push(MAIN, tip, vec![draft(changes)]), Err(expected));
            assert_eq!((repository.refs[MAIN], repository.history.all().count()), (tip, 1));
        }
    }

    #[test]
    fn a_ref_moves_only_from_its_current_commit() {
        let (mut repository, tip) = filled();
        let other: ObjectId = "1".repeat(40).parse().unwrap();
        for stale in [ObjectId::ZERO, other] {
            assert_eq!(repository.push(MAIN, stale, vec![draft(vec![add("b")])]), Err(PushError::Stale));
        }
        assert_eq!(repository.push("refs/heads/new", other, vec![]), Err(PushError::Stale));
        let next = repository.push("refs/heads/new", tip, vec![draft(vec![add("b")])]).unwrap();
        assert_eq!(repository.history(next[0]).count(), 2, "a new branch begins at the commit named");
    }
}
