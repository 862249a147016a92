//! A push of one commit with changes of files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;

use crate::actions::branches::pushes::Pushed;
use crate::actions::branches::refs;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::branches::refs::Ref;
use crate::actions::files::sent_commit::After;
use crate::actions::files::sent_commit::SentCommit;
use crate::actions::files::sent_commit::blob_id;
use crate::actions::files::sent_commit::with_trailer;
use crate::actions::files::sent_commit::without_leading_slash;
use crate::actions::prelude::*;

/// The needs of pushing a commit
pub(super) const NEEDS: Needs = Needs {
    permissions: &[permissions::CONTRIBUTE, permissions::CREATE_BRANCH],
    scope: Some(Scope::CodeWrite),
};

/// The commit that was pushed
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PushedFiles {
    /// The commit's id
    pub(super) commit_id: String,
    /// The push's id
    pub(super) push_id: u64,
    /// The branch as a full ref
    branch: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Push<'a> {
    ref_updates: [RefUpdate<'a>; 1],
    commits: [Commit<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefUpdate<'a> {
    name: &'a str,
    old_object_id: &'a str,
}

#[derive(Serialize)]
struct Commit<'a> {
    comment: &'a str,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    change_type: &'static str,
    item: Item<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_server_item: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_content: Option<Content<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    path: &'a str,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content<'a> {
    pub(super) content: Cow<'a, str>,
    pub(super) content_type: &'static str,
}

/// The type of content that is sent as its text
pub(super) const TEXT: &str = "rawtext";

/// The type of content that is sent as base64
pub(super) const BYTES: &str = "base64encoded";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    push_id: u64,
    #[serde(default)]
    date: Option<String>,
    /// The pushed commit; a response without it counts as lost
    commits: [PushedCommit; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushedCommit {
    commit_id: String,
}

/// The changes of a commit, under checked paths
pub(super) struct FileChanges<'a> {
    /// Files to write, new or existing
    pub(super) write: IndexMap<String, Content<'a>>,
    /// The old path, and the new one
    pub(super) rename: Vec<(FilePath, FilePath)>,
    /// The paths of files to delete
    pub(super) delete: Vec<FilePath>,
}

impl FileChanges<'_> {
    /// Returns the state of every touched file after the commit
    fn after(&self) -> BTreeMap<String, After> {
        let blob = |content: &Content<'_>| match content.content_type {
            BYTES => blob_id(&STANDARD.decode(content.content.as_bytes()).unwrap_or_default()),
            _ => blob_id(content.content.as_bytes()),
        };
        let mut files = BTreeMap::new();
        for (from, to) in &self.rename {
            files.insert(without_leading_slash(from.as_str()), After::Gone);
            files.insert(
                without_leading_slash(to.as_str()),
                After::AsBefore(without_leading_slash(from.as_str())),
            );
        }
        files.extend(
            self.write
                .iter()
                .map(|(path, content)| (without_leading_slash(path), After::Blob(blob(content)))),
        );
        files.extend(self.delete.iter().map(|path| (without_leading_slash(path.as_str()), After::Gone)));
        files
    }

    /// Returns the changes as the service expects them; an existing file is an edit
    fn wire<'b>(&'b self, exists: impl Fn(&str) -> bool) -> Vec<Change<'b>> {
        let renamed = self.rename.iter().map(|(from, to)| Change {
            change_type: "rename",
            item: Item { path: to.as_str() },
            source_server_item: Some(from.as_str()),
            new_content: self.write.get(to.as_str()).cloned(),
        });
        let written =
            self.write.iter().filter(|(path, _)| !self.rename.iter().any(|(_, to)| to.as_str() == *path));
        let written = written.map(|(path, content)| Change {
            change_type: if exists(path) { "edit" } else { "add" },
            item: Item { path },
            source_server_item: None,
            new_content: Some(content.clone()),
        });
        let deleted = self.delete.iter().map(|path| Change {
            change_type: "delete",
            item: Item { path: path.as_str() },
            source_server_item: None,
            new_content: None,
        });
        renamed.chain(written).chain(deleted).collect()
    }
}

/// Returns the latest commit of a branch; [`NO_OBJECT`] in an empty repository, where the commit creates the branch
pub(super) async fn tip(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
) -> Result<String, Error> {
    Ok(match refs::tip(session, repository, branch, &NEEDS).await? {
        Some(tip) => tip,
        None => {
            let all: Vec<Ref> =
                session.send_list(refs::list_request(repository, "refs/heads/", &NEEDS)).await?;
            if !all.is_empty() {
                return Err(refs::branch_not_found(session, repository, branch, &NEEDS).await);
            }
            NO_OBJECT.to_owned()
        }
    })
}

/// Pushes a commit; when the response is lost, the commit is looked for and compared with all that was sent
///
/// `exists` returns whether a file is on the branch: then a written file is an edit.
pub(super) async fn send(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    message: &CommitMessage,
    (tip, changes): (&str, &FileChanges<'_>),
    exists: impl Fn(&str) -> bool,
) -> Result<PushedFiles, Error> {
    let mark = session.marks_commits().then(Mark::new);
    let message = match &mark {
        Some(mark) => with_trailer(message.as_str(), mark),
        None => message.as_str().to_owned(),
    };
    let push = Push {
        ref_updates: [RefUpdate { name: branch.full(), old_object_id: tip }],
        commits: [Commit { comment: &message, changes: changes.wire(exists) }],
    };
    let request = Request::post(&["git", "repositories", repository.as_str(), "pushes"])
        .json(&push)?
        .named(format!("push to \"{branch}\" of the repository \"{repository}\""))
        .needs(&NEEDS)
        .missing(format!("a file to rename or delete, or the repository \"{repository}\""));
    let send = async {
        let answer: Answer = session.send(request).await?;
        let [commit] = answer.commits;
        Ok(Pushed::answered(answer.push_id, branch, commit.commit_id, answer.date.as_deref()))
    };
    let (message, mark, files) = (message.as_str(), mark.as_ref(), changes.after());
    let sent = SentCommit { repository, branch, parent: tip, message, mark, files, needs: &NEEDS };
    let search = |since| sent.candidates(session, since);
    let pushed = session.settle_creation("commit", send, search).await?;
    Ok(PushedFiles { commit_id: pushed.new, push_id: pushed.id, branch: branch.full().to_owned() })
}
