//! The copy of a repository in a folder, which git reads and writes.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Stdio;
use std::sync::Arc;

use axum::http::HeaderMap;
use uuid::Uuid;

use super::process::CgiResponse;
use super::process::git;
use super::process::output;
use super::process::respond;
use super::target::GitJob;
use crate::state::git::AnnotatedTag;
use crate::state::git::Blob;
use crate::state::git::Commit;
use crate::state::git::Files;
use crate::state::git::MAIN;
use crate::state::git::Mode;
use crate::state::git::ObjectId;
use crate::state::git::Repository;
use crate::state::git::objects::trees;

/// The settings of a copy: partial clones are served, and pushes decide nothing themselves.
const SETTINGS: &[(&str, &str)] = &[
    ("http.receivepack", "true"),
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("receive.denyDeleteCurrent", "ignore"),
    ("receive.denyNonFastForwards", "false"),
    ("receive.autogc", "false"),
    ("gc.auto", "0"),
    ("core.logAllRefUpdates", "false"),
];

/// The copy of a repository.
#[derive(Debug)]
pub(super) struct Mirror {
    /// The repository.
    path: PathBuf,
    /// The objects that it is known to have, without those of git's own making.
    written: HashSet<ObjectId>,
    /// The contents that were written or read.
    contents: HashMap<ObjectId, Arc<[u8]>>,
}

/// What a ref points to after a push: the tag, if it is one, and the commits that are new, parents first.
pub(super) type Pushed = (Option<AnnotatedTag>, Vec<Commit>);

/// What a copy lacks.
pub(super) struct Missing {
    /// The kind, the identifier and the content of each object.
    objects: Vec<(&'static str, ObjectId, Arc<[u8]>)>,
    refs: BTreeMap<String, ObjectId>,
    head: String,
}

impl Mirror {
    /// Creates an empty copy below a folder.
    pub(super) fn new(root: &Path, repository: Uuid) -> io::Result<Mirror> {
        let name = format!("{repository}.git");
        let path = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempdir_in(root)?.keep();
        let mut init = git(&path);
        init.env("GIT_DEFAULT_HASH", "sha1").args(["init", "--quiet", "--bare"]);
        output(&mut init, b"")?;
        for (name, value) in SETTINGS {
            output(git(&path).args(["config", name, value]), b"")?;
        }
        Ok(Mirror { path, written: HashSet::new(), contents: HashMap::new() })
    }

    /// Returns what the copy lacks of a repository.
    pub(super) fn missing(&mut self, repository: &Repository) -> Missing {
        let mut objects = Vec::new();
        for commit in repository.commits() {
            if self.written.contains(&commit.id) {
                continue;
            }
            for blob in commit.files.values().filter(|blob| blob.mode != Mode::Submodule) {
                if self.written.insert(blob.id) {
                    self.contents.insert(blob.id, Arc::clone(&blob.content));
                    objects.push(("blob", blob.id, Arc::clone(&blob.content)));
                }
            }
            trees(&commit.files, "", &mut |id, content| {
                if self.written.insert(id) {
                    objects.push(("tree", id, content.into()));
                }
            });
            self.written.insert(commit.id);
            objects.push(("commit", commit.id, Arc::clone(&commit.raw)));
        }
        for tag in repository.tags.iter().filter(|tag| self.written.insert(tag.id)) {
            objects.push(("tag", tag.id, tag.object().into_bytes().into()));
        }
        let head = repository.default_branch.clone().unwrap_or_else(|| MAIN.to_owned());
        Missing { objects, refs: repository.refs.clone(), head }
    }

    /// Brings the copy up to date.
    pub(super) fn update(&mut self, missing: Missing) -> io::Result<()> {
        for kind in ["blob", "tree", "commit", "tag"] {
            let of_kind = missing.objects.iter().filter(|(known, ..)| *known == kind);
            self.write(kind, of_kind.map(|(_, id, content)| (*id, &**content)))?;
        }
        let known = self.refs()?;
        let gone = known.keys().filter(|name| !missing.refs.contains_key(*name));
        let gone: String = gone.map(|name| format!("delete {name}\n")).collect();
        let moved = missing.refs.iter().filter(|(name, id)| known.get(*name) != Some(id));
        let moved: String = moved.map(|(name, id)| format!("update {name} {id}\n")).collect();
        // Two transactions, since a branch can take the place of a folder of branches.
        for changes in [gone, moved] {
            if !changes.is_empty() {
                output(git(&self.path).args(["update-ref", "--stdin"]), changes.as_bytes())?;
            }
        }
        output(git(&self.path).args(["symbolic-ref", "HEAD", &missing.head]), b"").map(drop)
    }

    /// Writes objects of one kind. git computes the identifiers again.
    fn write<'o>(&self, kind: &str, objects: impl Iterator<Item = (ObjectId, &'o [u8])>) -> io::Result<()> {
        let folder = tempfile::tempdir_in(&self.path)?;
        let (mut paths, mut ids) = (String::new(), String::new());
        for (id, content) in objects {
            let (mut file, path) = tempfile::NamedTempFile::new_in(folder.path())?.keep()?;
            file.write_all(content)?;
            paths.push_str(&format!("{}\n", path.display()));
            ids.push_str(&format!("{id}\n"));
        }
        if paths.is_empty() {
            return Ok(());
        }
        let mut hash = git(&self.path);
        hash.args(["hash-object", "--literally", "--no-filters", "-w", "-t", kind, "--stdin-paths"]);
        let computed = output(&mut hash, paths.as_bytes())?;
        folder.close()?;
        if computed == ids.as_bytes() {
            Ok(())
        } else {
            Err(io::Error::other(format!("it computes other identifiers for objects of the kind {kind}")))
        }
    }

    /// Returns the refs of the copy.
    fn refs(&self) -> io::Result<BTreeMap<String, ObjectId>> {
        let listed =
            output(git(&self.path).args(["for-each-ref", "--format=%(objectname) %(refname)"]), b"")?;
        let listed = String::from_utf8_lossy(&listed);
        let refs = listed.lines().filter_map(|line| line.split_once(' '));
        Ok(refs.filter_map(|(id, name)| Some((name.to_owned(), id.parse().ok()?))).collect())
    }

    /// Lets git answer a request.
    pub(super) fn serve(&self, job: &GitJob, headers: &HeaderMap, body: &[u8]) -> io::Result<CgiResponse> {
        let (method, rest, query, kind) = job.cgi();
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut backend = git(&self.path);
        backend
            .arg("http-backend")
            .env_remove("GIT_DIR")
            .env("GIT_PROJECT_ROOT", self.path.parent().unwrap_or(&self.path))
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_PROTOCOL", header("git-protocol"))
            .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
            .env("REQUEST_METHOD", method)
            .env("PATH_INFO", format!("/{name}/{rest}"))
            .env("QUERY_STRING", query)
            .env("CONTENT_TYPE", kind)
            .env("CONTENT_LENGTH", body.len().to_string())
            .env("REMOTE_USER", "simulator");
        respond(&mut backend, body)
    }

    /// Returns whether a commit is an ancestor of another one, or the same.
    pub(super) fn is_ancestor(&self, ancestor: ObjectId, of: ObjectId) -> bool {
        let (ancestor, of) = (ancestor.to_string(), of.to_string());
        output(git(&self.path).args(["merge-base", "--is-ancestor", &ancestor, &of]), b"").is_ok()
    }

    /// Reads what a ref points to after a push: the tag, if it is one, and the commits that are not known, parents first.
    /// `Err` is the reason why the simulator cannot keep it.
    pub(super) fn read(
        &mut self,
        tip: ObjectId,
        known: &HashSet<ObjectId>,
    ) -> io::Result<Result<Pushed, String>> {
        let mut objects = Objects::open(&self.path)?;
        let (kind, raw) = objects.get(tip)?;
        let (tag, commit) = match kind.as_str() {
            "commit" => (None, tip),
            "tag" => match AnnotatedTag::of_git(&raw) {
                Some(tag) => (Some(tag.clone()), tag.tagged),
                None => return Ok(Err("The simulator keeps only tags of commits.".to_owned())),
            },
            _ => return Ok(Err(format!("The simulator keeps no ref to a {kind}."))),
        };
        let mut limits = format!("{commit}\n");
        known.iter().for_each(|id| limits.push_str(&format!("^{id}\n")));
        let mut list = git(&self.path);
        list.args(["rev-list", "--topo-order", "--reverse", "--ignore-missing", "--stdin"]);
        let listed = output(&mut list, limits.as_bytes())?;
        let mut commits = Vec::new();
        for id in String::from_utf8_lossy(&listed).lines().filter_map(|line| line.parse().ok()) {
            let (_, raw) = objects.get(id)?;
            let tree = raw.strip_prefix(b"tree ").and_then(|rest| std::str::from_utf8(rest.get(..40)?).ok());
            let tree = tree.and_then(|tree| tree.parse().ok()).unwrap_or_default();
            let mut files = Files::new();
            if let Err(why) = self.collect(&mut objects, tree, "", &mut files)? {
                return Ok(Err(why));
            }
            match Commit::of_git(&raw, files) {
                Some(commit) => commits.push(commit),
                None => return Ok(Err(format!("The simulator cannot keep the commit {id}."))),
            }
        }
        for commit in &commits {
            self.written.insert(commit.id);
        }
        Ok(Ok((tag, commits)))
    }

    /// Collects the files of a tree.
    fn collect(
        &mut self,
        objects: &mut Objects,
        tree: ObjectId,
        folder: &str,
        files: &mut Files,
    ) -> io::Result<Result<(), String>> {
        let (_, content) = objects.get(tree)?;
        let mut rest = &content[..];
        while let Some(end) = rest.iter().position(|byte| *byte == 0) {
            let head = std::str::from_utf8(&rest[..end]).ok();
            let id = rest.get(end + 1..end + 21).map(ObjectId::of_bytes);
            let (Some((mode, name)), Some(id)) = (head.and_then(|head| head.split_once(' ')), id) else {
                return Ok(Err("The simulator keeps only files whose names are UTF-8.".to_owned()));
            };
            let path = format!("{folder}{name}");
            match Mode::of(mode) {
                Some(Mode::Submodule) => drop(files.insert(path, Blob::submodule(id))),
                Some(mode) => {
                    let content = match self.contents.get(&id) {
                        Some(content) => Arc::clone(content),
                        None => {
                            let content: Arc<[u8]> = objects.get(id)?.1.into();
                            self.contents.insert(id, Arc::clone(&content));
                            content
                        }
                    };
                    files.insert(path, Blob { id, mode, content });
                }
                None => {
                    if let Err(why) = self.collect(objects, id, &format!("{path}/"), files)? {
                        return Ok(Err(why));
                    }
                }
            }
            rest = &rest[end + 21..];
        }
        Ok(Ok(()))
    }
}

/// Reads objects one after the other.
struct Objects {
    child: std::process::Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Objects {
    fn open(repository: &Path) -> io::Result<Objects> {
        let mut command = git(repository);
        command
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        Ok(Objects { child, stdin, stdout: BufReader::new(stdout) })
    }

    /// Returns the kind and the content of an object.
    fn get(&mut self, id: ObjectId) -> io::Result<(String, Vec<u8>)> {
        self.stdin.write_all(format!("{id}\n").as_bytes())?;
        self.stdin.flush()?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let mut parts = line.split_whitespace().skip(1);
        let (kind, size) = (parts.next().unwrap_or_default().to_owned(), parts.next());
        let size: usize = size
            .and_then(|size| size.parse().ok())
            .ok_or_else(|| io::Error::other(format!("the object {id} is missing")))?;
        let mut content = vec![0; size + 1];
        self.stdout.read_exact(&mut content)?;
        content.pop();
        Ok((kind, content))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It has nothing more to do, and may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
