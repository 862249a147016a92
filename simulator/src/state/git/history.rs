//! The commits of a repository. A saved commit has its changes against its first parent; its identifier is computed
//! again when it is read.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

use super::objects::Blob;
use super::objects::Commit;
use super::objects::Files;
use super::objects::Mode;
use super::objects::ObjectId;
use super::objects::Signature;
use super::objects::changed;
use crate::state::content;

/// All commits.
#[derive(Clone, Debug, Default)]
pub(in crate::state) struct History {
    commits: HashMap<ObjectId, Commit>,
    /// In the order in which they were added: parents first.
    order: Vec<ObjectId>,
}

impl History {
    pub(in crate::state) fn commit(&self, id: ObjectId) -> Option<&Commit> {
        self.commits.get(&id)
    }

    /// Returns all commits, parents first.
    pub(in crate::state) fn all(&self) -> impl Iterator<Item = &Commit> {
        self.order.iter().filter_map(|id| self.commit(*id))
    }

    /// Returns a file's content by its identifier.
    pub(in crate::state) fn blob(&self, id: ObjectId) -> Option<&Blob> {
        self.all().flat_map(|commit| commit.files.values()).find(|blob| blob.id == id)
    }

    /// Returns a commit and its ancestors, newest first.
    pub(in crate::state) fn back_from(&self, id: ObjectId) -> impl Iterator<Item = &Commit> {
        let mut reached = HashSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(commit) = self.commit(id).filter(|_| reached.insert(id)) {
                open.extend(&commit.parents);
            }
        }
        self.order.iter().rev().filter(move |id| reached.contains(*id)).filter_map(|id| self.commit(*id))
    }

    /// Adds a commit whose parents are there.
    pub(in crate::state) fn add(&mut self, commit: Commit) {
        if !self.commits.contains_key(&commit.id) {
            self.order.push(commit.id);
            self.commits.insert(commit.id, commit);
        }
    }

    fn files(&self, parents: &[ObjectId]) -> Files {
        let first = parents.first().and_then(|id| self.commit(*id));
        first.map(|parent| parent.files.clone()).unwrap_or_default()
    }
}

#[derive(Serialize, Deserialize)]
struct Saved {
    parents: Vec<ObjectId>,
    author: Signature,
    message: String,
    /// By path; `null` for a deleted file. That of a submodule is its commit.
    changes: BTreeMap<String, Option<Content>>,
    /// By path, if it is not that of a file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    modes: BTreeMap<String, Mode>,
    /// The object, if it does not follow from the members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<Content>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Content(#[serde(with = "content")] Vec<u8>);

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.all().map(|commit| {
            let paths = changed(&self.files(&commit.parents), &commit.files);
            let content = |path: &str| {
                commit.files.get(path).map(|blob| match blob.mode {
                    Mode::Submodule => Content(blob.id.to_string().into_bytes()),
                    _ => Content(blob.content.to_vec()),
                })
            };
            let mode = |path: &String| {
                let mode = commit.files.get(path)?.mode;
                (mode != Mode::File).then(|| (path.clone(), mode))
            };
            let modes = paths.iter().filter_map(mode).collect();
            Saved {
                parents: commit.parents.clone(),
                author: commit.author.clone(),
                message: commit.message.clone(),
                changes: paths.into_iter().map(|path| (path.clone(), content(&path))).collect(),
                modes,
                object: (!commit.is_plain()).then(|| Content(commit.raw.to_vec())),
            }
        }))
    }
}

impl<'de> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut history = History::default();
        for Saved { parents, author, message, changes, modes, object } in Vec::deserialize(deserializer)? {
            let mut files = history.files(&parents);
            for (path, content) in changes {
                let mode = modes.get(&path).copied().unwrap_or_default();
                match content {
                    Some(Content(content)) if mode == Mode::Submodule => {
                        let commit = std::str::from_utf8(&content).ok().and_then(|text| text.parse().ok());
                        let commit = commit.ok_or_else(|| D::Error::custom("a submodule has a commit"))?;
                        files.insert(path, Blob::submodule(commit));
                    }
                    Some(Content(content)) => drop(files.insert(path, Blob::new(&content).with_mode(mode))),
                    None => drop(files.remove(&path)),
                }
            }
            let commit = match object {
                Some(Content(object)) => Commit::of_git(&object, files)
                    .ok_or_else(|| D::Error::custom("the object of a commit does not fit its files"))?,
                None => Commit::new(files, parents, author, &message),
            };
            history.add(commit);
        }
        Ok(history)
    }
}
