//! `commit files`

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::OpenSession;
use crate::contract::BranchName;
use crate::contract::CommitMessage;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::FilePath;
use crate::contract::Needs;
use crate::contract::RepositoryName;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::TextKind;
use crate::contract::permissions;
use crate::devops::Request;

/// The object id that stands for "nothing yet"
const NOTHING: &str = "0000000000000000000000000000000000000000";

/// How many files one commit may have
const MAX_FILES: usize = 100;

/// Commit text files to a branch of a Git repository
///
/// All files go into one commit and one push: a file that is there is replaced, one that is not is
/// added. An empty repository gets its first branch so. When someone else pushes meanwhile, nothing
/// is changed and the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The branch to commit to
    branch: BranchName,
    /// The commit's message
    message: CommitMessage,
    /// The files: each one's path and its whole text, at most 100
    files: IndexMap<String, String>,
}

/// The commit that was pushed
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The commit's id
    commit_id: String,
    /// The push's id
    push_id: u64,
    /// The branch as a full ref
    branch: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ref {
    name: String,
    object_id: String,
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
    new_content: Content<'a>,
}

#[derive(Serialize)]
struct Item<'a> {
    path: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    content: &'a str,
    content_type: &'static str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pushed {
    push_id: u64,
    #[serde(default)]
    commits: Vec<PushedCommit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushedCommit {
    commit_id: String,
}

pub(super) struct CommitFiles;

impl Action for CommitFiles {
    const NAME: &'static str = "commit files";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CONTRIBUTE, permissions::CREATE_BRANCH],
        scope: Some(Scope::CodeWrite),
    };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::ResourceConflict, ErrorCode::PermissionDenied];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Commit two files",
            inputs: serde_json::json!({
                "repository": "site",
                "branch": "main",
                "message": "Add the release notes",
                "files": { "/notes/1.0.md": "# 1.0\n", "/README.md": "# Site\n" }
            }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let branch = &input.branch;
        let Some(short) = branch.branch() else {
            return Err(Error::new(
                ErrorCode::InputInvalid,
                format!("commit files: {branch} is not a branch"),
            ));
        };
        let files = paths(&input.files)?;
        let session = cx.session(&input.session)?;
        let repository = input.repository.as_str();

        let request = Request::get(&["git", "repositories", repository, "refs"])
            .query("filter", "heads/")
            .list()
            .named(format!("read the branches of the repository \"{repository}\""))
            .needs(&Self::NEEDS)
            .missing(format!("the repository \"{repository}\""));
        let refs: Vec<Ref> = session.send_list(request).await?;
        let tip = match refs.iter().find(|one| one.name == branch.full()) {
            Some(tip) => tip.object_id.as_str(),
            None if refs.is_empty() => NOTHING,
            None => return Err(no_branch(branch, repository, &refs)),
        };

        let mut changes = Vec::with_capacity(files.len());
        for (path, content) in &files {
            let edits = tip != NOTHING && exists(&session, repository, short, path).await?;
            changes.push(Change {
                change_type: if edits { "edit" } else { "add" },
                item: Item { path: path.as_str() },
                new_content: Content { content, content_type: "rawtext" },
            });
        }
        let push = Push {
            ref_updates: [RefUpdate { name: branch.full(), old_object_id: tip }],
            commits: [Commit { comment: input.message.as_str(), changes }],
        };
        let request = Request::post(&["git", "repositories", repository, "pushes"])
            .json(&push)?
            .named(format!("push to \"{branch}\" of the repository \"{repository}\""))
            .needs(&Self::NEEDS)
            .missing(format!("the repository \"{repository}\""));
        let pushed: Pushed = session.send(request).await?;
        let commit_id = pushed.commits.into_iter().next().map(|commit| commit.commit_id).unwrap_or_default();
        Ok(Output { commit_id, push_id: pushed.push_id, branch: branch.full().to_owned() })
    }
}

/// The files under checked paths; two spellings of one path are refused
fn paths(files: &IndexMap<String, String>) -> Result<IndexMap<String, &str>, Error> {
    let refuse =
        |reason: String| Error::new(ErrorCode::InputInvalid, format!("commit files: \"files\": {reason}"));
    if files.is_empty() || files.len() > MAX_FILES {
        return Err(refuse(format!("a commit has 1 to {MAX_FILES} files, not {}", files.len())));
    }
    let mut checked = IndexMap::with_capacity(files.len());
    for (path, content) in files {
        let path = FilePath::parse(path).map_err(|refusal| refuse(refusal.reason))?;
        if checked.insert(path.as_str().to_owned(), content.as_str()).is_some() {
            return Err(refuse(format!("\"{path}\" is given twice")));
        }
    }
    Ok(checked)
}

/// Whether the branch has the file
async fn exists(
    session: &OpenSession<'_>,
    repository: &str,
    branch: &str,
    path: &str,
) -> Result<bool, Error> {
    let request = Request::get(&["git", "repositories", repository, "items"])
        .query("path", path)
        .query("$format", "json")
        .query("versionDescriptor.versionType", "branch")
        .query("versionDescriptor.version", branch)
        .named(format!("look for \"{path}\" in the repository \"{repository}\""))
        .needs(&CommitFiles::NEEDS)
        .missing(format!("\"{path}\""));
    match session.send::<serde::de::IgnoredAny>(request).await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn no_branch(branch: &BranchName, repository: &str, refs: &[Ref]) -> Error {
    let known: Vec<&str> =
        refs.iter().filter_map(|one| one.name.strip_prefix("refs/heads/")).take(10).collect();
    Error::new(
        ErrorCode::ResourceNotFound,
        format!("the repository \"{repository}\" has no branch \"{branch}\""),
    )
    .help(format!("Its branches: {}.", crate::contract::printable(&known.join(", "), 400)))
}
