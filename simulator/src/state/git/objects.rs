//! Git objects, with identifiers computed as git does.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use sha1::Digest;
use sha1::Sha1;
use time::OffsetDateTime;

/// The identifier of an object: 20 bytes, written as 40 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId([u8; 20]);

impl ObjectId {
    /// Forty zeros: no object, in a ref update.
    pub(crate) const ZERO: ObjectId = ObjectId([0; 20]);

    /// The identifier in the 20 bytes that a tree has.
    pub(crate) fn of_bytes(bytes: &[u8]) -> ObjectId {
        let mut id = [0; 20];
        id.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        ObjectId(id)
    }

    fn of(kind: &str, content: &[u8]) -> ObjectId {
        let mut hash = Sha1::new();
        hash.update(format!("{kind} {}\0", content.len()));
        hash.update(content);
        ObjectId(hash.finalize().into())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl FromStr for ObjectId {
    type Err = ();

    fn from_str(text: &str) -> Result<ObjectId, ()> {
        if text.len() != 40 || !text.is_ascii() {
            return Err(());
        }
        let mut bytes = [0; 20];
        for (position, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[position * 2..position * 2 + 2], 16).map_err(|_| ())?;
        }
        Ok(ObjectId(bytes))
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("an object has 40 hexadecimal digits"))
    }
}

/// What an entry of a tree is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Mode {
    #[default]
    File,
    Executable,
    SymbolicLink,
    /// A commit of another repository. Its content is not here.
    Submodule,
}

impl Mode {
    const ALL: [Mode; 4] = [Mode::File, Mode::Executable, Mode::SymbolicLink, Mode::Submodule];

    /// The mode as a tree has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Mode::File => "100644",
            Mode::Executable => "100755",
            Mode::SymbolicLink => "120000",
            Mode::Submodule => "160000",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) id: ObjectId,
    pub(crate) mode: Mode,
    pub(crate) content: Arc<[u8]>,
}

impl Blob {
    pub(crate) fn new(content: &[u8]) -> Blob {
        Blob { id: ObjectId::of("blob", content), mode: Mode::File, content: content.into() }
    }

    /// The commit of another repository.
    pub(crate) fn submodule(commit: ObjectId) -> Blob {
        Blob { id: commit, mode: Mode::Submodule, content: Arc::default() }
    }

    pub(crate) fn with_mode(self, mode: Mode) -> Blob {
        Blob { mode, ..self }
    }
}

/// All files of a commit by path, without the leading `/`.
pub(crate) type Files = BTreeMap<String, Blob>;

/// Returns the identifier of the tree below a folder (`""` for the root, otherwise ending with `/`).
pub(crate) fn tree_id(files: &Files, folder: &str) -> ObjectId {
    trees(files, folder, &mut |_, _| {})
}

/// Calls a function with the identifier and the content of each tree below a folder, the innermost first, and returns
/// the identifier of the last one.
pub(crate) fn trees(files: &Files, folder: &str, visit: &mut impl FnMut(ObjectId, &[u8])) -> ObjectId {
    // Git orders a folder as if its name ended with `/`.
    let mut entries: BTreeMap<String, (&str, &str, ObjectId)> = BTreeMap::new();
    for (path, blob) in files.range(folder.to_owned()..) {
        let Some(rest) = path.strip_prefix(folder) else { break };
        match rest.split_once('/') {
            None => drop(entries.insert(rest.to_owned(), (blob.mode.as_str(), rest, blob.id))),
            Some((name, _)) if entries.contains_key(&format!("{name}/")) => {}
            Some((name, _)) => {
                let id = trees(files, &format!("{folder}{name}/"), visit);
                entries.insert(format!("{name}/"), ("40000", name, id));
            }
        }
    }
    let mut content = Vec::new();
    for (mode, name, id) in entries.values() {
        content.extend_from_slice(mode.as_bytes());
        content.push(b' ');
        content.extend_from_slice(name.as_bytes());
        content.push(0);
        content.extend_from_slice(&id.0);
    }
    let id = ObjectId::of("tree", &content);
    visit(id, &content);
    id
}

/// The author of a commit, and the time (whole seconds, UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) at: OffsetDateTime,
}

impl Signature {
    pub(crate) fn new(name: &str, email: &str, at: OffsetDateTime) -> Signature {
        let at = at.replace_nanosecond(0).expect("0 is a number of nanoseconds");
        Signature { name: name.to_owned(), email: email.to_owned(), at }
    }

    /// Parses what follows `author` in a commit: `Name <address> seconds offset`.
    fn of_git(text: &str) -> Option<Signature> {
        let (name, rest) = text.split_once('<')?;
        let (email, rest) = rest.rsplit_once('>')?;
        let seconds = rest.split_whitespace().next()?.parse().ok()?;
        let at = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        Some(Signature::new(name.trim(), email, at))
    }
}

/// A commit with all its files.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    pub(crate) tree: ObjectId,
    /// None for a first commit, two for a merge. The first is the branch that was merged into.
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) author: Signature,
    pub(crate) committer: Signature,
    pub(crate) message: String,
    pub(crate) files: Files,
    /// The object itself, which has more than the members: offsets of times, signatures, the encoding.
    pub(crate) raw: Arc<[u8]>,
}

impl Commit {
    pub(crate) fn new(files: Files, parents: Vec<ObjectId>, author: Signature, message: &str) -> Commit {
        let tree = tree_id(&files, "");
        let raw = Commit::written(tree, &parents, &author, message);
        let id = ObjectId::of("commit", raw.as_bytes());
        let (committer, message) = (author.clone(), message.to_owned());
        Commit { id, tree, parents, author, committer, message, files, raw: raw.into_bytes().into() }
    }

    /// The object of a commit that the simulator makes.
    fn written(tree: ObjectId, parents: &[ObjectId], author: &Signature, message: &str) -> String {
        let mut text = format!("tree {tree}\n");
        for parent in parents {
            text.push_str(&format!("parent {parent}\n"));
        }
        for role in ["author", "committer"] {
            let Signature { name, email, at } = author;
            text.push_str(&format!("{role} {name} <{email}> {} +0000\n", at.unix_timestamp()));
        }
        text.push_str(&format!("\n{message}"));
        text
    }

    /// Reads a commit that git has made. Returns `None` if it is not one with these files.
    pub(crate) fn of_git(raw: &[u8], files: Files) -> Option<Commit> {
        let id = ObjectId::of("commit", raw);
        let text = String::from_utf8_lossy(raw);
        let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
        let (mut tree, mut parents, mut author, mut committer) = (None, Vec::new(), None, None);
        for line in head.lines() {
            match line.split_once(' ') {
                Some(("tree", value)) => tree = value.parse().ok(),
                Some(("parent", value)) => parents.push(value.parse().ok()?),
                Some(("author", value)) => author = Signature::of_git(value),
                Some(("committer", value)) => committer = Signature::of_git(value),
                _ => {}
            }
        }
        let tree = tree.filter(|tree| *tree == tree_id(&files, ""))?;
        let (author, committer, message) = (author?, committer?, message.to_owned());
        Some(Commit { id, tree, parents, author, committer, message, files, raw: raw.into() })
    }

    /// Returns whether the object follows from the members, so that a saved world need not contain it.
    pub(crate) fn is_plain(&self) -> bool {
        let written = Commit::written(self.tree, &self.parents, &self.author, &self.message);
        *self.raw == *written.as_bytes()
    }
}

/// An annotated tag: the object that its ref points to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AnnotatedTag {
    pub(crate) id: ObjectId,
    /// The full ref.
    pub(crate) name: String,
    /// The commit.
    pub(crate) tagged: ObjectId,
    pub(crate) by: Signature,
    pub(crate) message: String,
    /// The object itself, if it was made by git.
    #[serde(default)]
    raw: Option<String>,
}

impl AnnotatedTag {
    /// The object.
    pub(crate) fn object(&self) -> String {
        self.raw
            .clone()
            .unwrap_or_else(|| AnnotatedTag::written(&self.name, self.tagged, &self.by, &self.message))
    }

    fn written(name: &str, tagged: ObjectId, by: &Signature, message: &str) -> String {
        let short = name.strip_prefix("refs/tags/").unwrap_or(name);
        let Signature { name: who, email, at } = by;
        let at = at.unix_timestamp();
        format!("object {tagged}\ntype commit\ntag {short}\ntagger {who} <{email}> {at} +0000\n\n{message}")
    }

    /// Reads a tag of a commit that git has made.
    pub(crate) fn of_git(raw: &[u8]) -> Option<AnnotatedTag> {
        let id = ObjectId::of("tag", raw);
        let text = std::str::from_utf8(raw).ok()?;
        let (head, message) = text.split_once("\n\n").unwrap_or((text, ""));
        let value = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(' '));
            lines.find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        let tagged = value("object")?.parse().ok().filter(|_| value("type") == Some("commit"))?;
        let by = Signature::of_git(value("tagger")?)?;
        let name = format!("refs/tags/{}", value("tag")?);
        Some(AnnotatedTag { id, name, tagged, by, message: message.to_owned(), raw: Some(text.to_owned()) })
    }

    pub(crate) fn new(name: &str, tagged: ObjectId, by: Signature, message: &str) -> AnnotatedTag {
        let id = ObjectId::of("tag", AnnotatedTag::written(name, tagged, &by, message).as_bytes());
        AnnotatedTag { id, name: name.to_owned(), tagged, by, message: message.to_owned(), raw: None }
    }
}

/// Returns the paths that differ between two sets of files.
pub(crate) fn changed(before: &Files, after: &Files) -> BTreeSet<String> {
    let id = |files: &Files, path: &str| files.get(path).map(|blob| (blob.id, blob.mode.as_str()));
    let paths = before.keys().chain(after.keys());
    paths.filter(|path| id(before, path) != id(after, path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::Blob;
    use super::Commit;
    use super::Files;
    use super::ObjectId;
    use super::Signature;
    use super::tree_id;

    fn files() -> Files {
        let rows = [
            ("README.md", "# site\n"),
            ("a.txt", "a\n"),
            ("a/b/c.txt", "c\n"),
            ("a/d.txt", "d\n"),
            ("a0", "zero\n"),
        ];
        rows.iter().map(|(path, content)| ((*path).to_owned(), Blob::new(content.as_bytes()))).collect()
    }

    #[test]
    fn a_blob_has_gits_identifier() {
        // printf 'hello\n' | git hash-object --stdin
        assert_eq!(Blob::new(b"hello\n").id.to_string(), "ce013625030ba8dba906f756967f9e9ca394464a");
        // git hash-object -t blob /dev/null
        assert_eq!(Blob::new(b"").id.to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    #[test]
    fn a_tree_has_gits_identifier() {
        // git hash-object -t tree /dev/null
        assert_eq!(tree_id(&Files::new(), "").to_string(), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        // The files above in a new repository: git add . && git write-tree [--prefix=a/]
        assert_eq!(tree_id(&files(), "").to_string(), "10ae24858e15d555e110c81e2e3563b57456bf1a");
        assert_eq!(tree_id(&files(), "a/").to_string(), "7ab122faa6618f5cefe2cdea81972850a2eadb81");
    }

    #[test]
    fn a_commit_has_gits_identifier() {
        // With the name, e-mail and date below as author and committer:
        // printf 'First\n' | git commit-tree $(git write-tree), then printf 'Second\n' | … -p <first>
        let author = Signature {
            name: "Ann Lee".to_owned(),
            email: "ann@fabrikam.example".to_owned(),
            at: OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap(),
        };
        let first = Commit::new(files(), Vec::new(), author.clone(), "First\n");
        assert_eq!(first.id.to_string(), "3f0f8be312d6a8d411756a86de33c7d66d684a0e");
        let second = Commit::new(files(), vec![first.id], author.clone(), "Second\n");
        assert_eq!(second.id.to_string(), "aff76bca0d8524470d51bc78e762f98a14630d58");
        // … -p <second> -p <first>
        let merge = Commit::new(files(), vec![second.id, first.id], author, "Merged\n");
        assert_eq!(merge.id.to_string(), "8b19ec87eac7e1a5604a9f781afaa2873e67811f");
    }

    #[test]
    fn an_identifier_is_forty_digits() {
        assert_eq!("0".repeat(40).parse(), Ok(ObjectId::ZERO));
        for bad in ["", "main", &"g".repeat(40), &"0".repeat(39), &"ä".repeat(20)] {
            assert!(bad.parse::<ObjectId>().is_err(), "{bad}");
        }
    }
}
