//! The comparison of a commit with what was sent: its parent, author, message, and the blob of every changed file.

use std::collections::BTreeMap;

use sha1::Digest as _;
use sha1::Sha1;
use time::OffsetDateTime;

use crate::actions::branches::pushes;
use crate::actions::branches::pushes::Pushed;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::files::item::RepositoryItem;
use crate::actions::prelude::*;

/// A commit with as many changes, with their parent folders, is not compared
const MOST: usize = 5000;

/// The state of a file after a commit
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The file has this blob
    Blob(String),
    /// The file does not exist
    Gone,
    /// The file has the former content of another file
    AsBefore(String),
}

/// A commit that was sent
pub(crate) struct SentCommit<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) branch: &'a BranchName,
    pub(crate) parent: &'a str,
    pub(crate) message: &'a str,
    /// The mark at the end of the message
    pub(crate) mark: Option<&'a Mark>,
    /// Every file that it touches
    pub(crate) files: BTreeMap<String, After>,
    pub(crate) needs: &'a Needs,
}

#[derive(Default, Deserialize)]
struct Commit {
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    parents: Option<Vec<String>>,
    #[serde(default)]
    author: Option<Signature>,
    #[serde(default)]
    committer: Option<Signature>,
}

#[derive(Deserialize, PartialEq, Eq)]
struct Signature {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Deserialize)]
struct Changes {
    #[serde(default)]
    changes: Option<Vec<Change>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(default)]
    change_type: Option<String>,
    #[serde(default)]
    source_server_item: Option<String>,
    item: RepositoryItem,
}

impl Commit {
    fn ends_with(&self, line: &str) -> bool {
        self.comment.as_ref().is_some_and(|text| text.lines().last() == Some(line))
    }
}

impl SentCommit<'_> {
    /// Returns the pushes since `since` that this request may have made
    pub(crate) async fn candidates(
        &self,
        session: &OpenSession<'_>,
        since: OffsetDateTime,
    ) -> Result<Vec<Candidate<Pushed>>, Error> {
        let mut found = Vec::new();
        let pushes = pushes::pushes(session, self.repository, self.branch, self.parent, self.needs, since);
        for pushed in pushes.await? {
            let commit = session.send::<Commit>(self.request(&["commits", &pushed.new])).await;
            // A commit that cannot be read is an unproven candidate.
            let commit = commit.unwrap_or_default();
            if let Some(mark) = self.mark
                && commit.ends_with(&mark.trailer())
            {
                found.extend(mark.candidate(pushed, Some(mark.as_str())));
                continue;
            }
            let compared = self.compare(session, commit, &pushed.new).await.unwrap_or_default();
            found.extend(compared.candidate(pushed));
        }
        Ok(found)
    }

    /// Compares a commit of the repository with the one that was sent
    async fn compare(
        &self,
        session: &OpenSession<'_>,
        commit: Commit,
        id: &str,
    ) -> Result<Comparison, Error> {
        let changes = self.request(&["commits", id, "changes"]).query("top", &MOST.to_string()).list();
        let changes: Changes = session.send(changes).await?;
        let parent = match self.parent {
            NO_OBJECT => Vec::new(),
            parent => vec![parent.to_owned()],
        };
        // A push through this API has one person as author and committer; a push by git may have two.
        let author = commit.author.as_ref().zip(commit.committer.as_ref()).map(|(one, other)| one == other);
        let message = commit.comment.and_then(|text| match text == self.message {
            // The service may strip line ends from a message; then the comparison is not possible.
            false if text.trim_end() == self.message.trim_end() => None,
            is_equal => Some(is_equal),
        });
        let files = match changes.changes.filter(|changes| changes.len() < MOST).and_then(after) {
            Some(files) => Some(self.has(session, &files).await?),
            None => None,
        };
        Ok(Comparison::default()
            .field("parent", commit.parents.map(|parents| parents == parent))
            .field("author", author)
            .field("message", message)
            .field("files", files))
    }

    /// Returns whether these are all changes that were sent; a change without effect is not among them
    async fn has(&self, session: &OpenSession<'_>, actual: &BTreeMap<String, After>) -> Result<bool, Error> {
        if actual.keys().any(|path| !self.files.contains_key(path)) {
            return Ok(false);
        }
        for (path, wanted) in &self.files {
            let moved = match wanted {
                After::AsBefore(other) => self.blob_before(session, other).await?.map(After::Blob),
                _ => None,
            };
            let wanted = moved.as_ref().unwrap_or(wanted);
            let is_so = match (actual.get(path), wanted) {
                (Some(actual), wanted) => actual == wanted,
                (None, After::Blob(blob)) => self.blob_before(session, path).await?.as_ref() == Some(blob),
                (None, _) => false,
            };
            if !is_so {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the blob of a file in the commit's parent
    async fn blob_before(&self, session: &OpenSession<'_>, path: &str) -> Result<Option<String>, Error> {
        let request = self
            .request(&["items"])
            .query("path", &format!("/{path}"))
            .query("versionDescriptor.versionType", "commit")
            .query("versionDescriptor.version", self.parent)
            .query("$format", "json");
        match session.send::<RepositoryItem>(request).await {
            Ok(item) => Ok(given(&item.object_id).map(str::to_owned)),
            Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn request(&self, segments: &[&str]) -> Request<'static> {
        let segments: Vec<&str> = ["git", "repositories", self.repository.as_str()]
            .into_iter()
            .chain(segments.iter().copied())
            .collect();
        Request::get(&segments)
            .named(format!("look at what was pushed to the repository \"{}\"", self.repository))
            .needs(self.needs)
            .missing("the commit")
    }
}

/// Returns the state of the commit's files, or `None` if the service leaves it out for one of them
fn after(changes: Vec<Change>) -> Option<BTreeMap<String, After>> {
    let mut files = BTreeMap::new();
    for change in changes {
        if change.item.is_folder() {
            continue;
        }
        let kind = change.change_type?;
        let path = without_leading_slash(given(&change.item.path)?);
        let is = |word: &str| kind.split(',').any(|part| part.trim().eq_ignore_ascii_case(word));
        if is("delete") || is("sourceRename") {
            files.insert(path, After::Gone);
            continue;
        }
        files.insert(path, After::Blob(given(&change.item.object_id)?.to_owned()));
        if is("rename") {
            files.entry(without_leading_slash(&change.source_server_item?)).or_insert(After::Gone);
        }
    }
    Some(files)
}

/// Returns a text of the service unless it is empty
fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Returns a message with the mark as its last line, in its own paragraph unless there are trailers already
pub(crate) fn with_trailer(message: &str, mark: &Mark) -> String {
    let message = message.trim_end();
    let last = message.rsplit_once("\n\n").and_then(|(_, paragraph)| paragraph.lines().last());
    let is_trailer = |line: &str| {
        let key = line.split_once(": ").map_or("", |(key, _)| key);
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let gap = if last.is_some_and(is_trailer) { "\n" } else { "\n\n" };
    format!("{message}{gap}{}", mark.trailer())
}

/// Returns a path without its leading slash
pub(crate) fn without_leading_slash(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}

/// Returns git's blob id of a file's content
pub(crate) fn blob_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_in_the_last_paragraph_of_a_message() {
        let mark = Mark::new();
        let line = mark.trailer();
        for (message, expected) in [
            ("Add a page", format!("Add a page\n\n{line}")),
            ("fix: a page\n", format!("fix: a page\n\n{line}")),
            ("a\n\nSigned-off-by: A <a@b.example>", format!("a\n\nSigned-off-by: A <a@b.example>\n{line}")),
        ] {
            let message = with_trailer(message, &mark);
            assert_eq!(message, expected);
            assert!(Commit { comment: Some(message), ..Commit::default() }.ends_with(&line));
        }
    }

    #[test]
    fn a_blobs_id_is_gits_own() {
        assert_eq!(blob_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(blob_id(b"what is up, doc?"), "bd9dbf5aae1a3862dd1526723246b20206e5fc37");
    }

    #[test]
    fn changes_are_read_file_by_file() {
        let text = r#"[
            { "item": { "path": "/docs", "isFolder": true, "gitObjectType": "tree" }, "changeType": "add" },
            { "item": { "path": "/docs/a.md", "objectId": "a1", "gitObjectType": "blob" }, "changeType": "edit, rename",
              "sourceServerItem": "/a.md" },
            { "item": { "path": "/b.md", "objectId": "b1" }, "changeType": "delete, sourceRename" }
        ]"#;
        let files = after(serde_json::from_str(text).expect("they are changes")).expect("nothing is missing");
        let row = |path: &str, after: After| (path.to_owned(), after);
        let expected = [
            row("a.md", After::Gone),
            row("b.md", After::Gone),
            row("docs/a.md", After::Blob("a1".to_owned())),
        ];
        assert_eq!(files, BTreeMap::from(expected));
        let hidden = r#"[{ "item": { "path": "/a.md" }, "changeType": "add" }]"#;
        assert_eq!(after(serde_json::from_str(hidden).expect("it is a change")), None);
    }
}
