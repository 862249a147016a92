//! `commit folder`

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;

use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::files::item::RepositoryItem;
use crate::actions::files::push;
use crate::actions::files::push::BYTES;
use crate::actions::files::push::Content;
use crate::actions::files::push::FileChanges;
use crate::actions::files::push::NEEDS;
use crate::actions::files::sent_commit::blob_id;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::in_repository;
use crate::actions::runtime::FileUse;
use crate::files::Folders;
use crate::files::PathKind;

/// The largest content of all files together, in bytes: a push is one message, which is in memory
const LARGEST: u64 = 64 << 20;

/// The deepest folder that is read
const DEEPEST: usize = 64;

/// Commit the files of a local folder to a branch of a Git repository
///
/// All files of the folder and its subfolders go into one commit and one push, binary files too, 64 MB in all. Files that are
/// equal to those of the branch are left out; if nothing differs, no commit is made and the output has no id. The folder
/// must be one that the operator allows. Links, and the files of version control systems, are left out. When the
/// response is lost, the action looks for the commit and compares all of it.
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
    /// The commit message
    message: CommitMessage,
    /// The local folder: an absolute path, or a path below the bot's own folder
    local_folder: LocalFolder,
    /// The folder of the repository that gets the files
    #[serde(default)]
    folder: FolderPath,
    /// Whether to delete files from the folder of the repository that the local folder does not have
    #[serde(default)]
    delete_others: bool,
    /// How long it may take, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// What was committed
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The commit's id; absent when nothing differs
    #[serde(skip_serializing_if = "Option::is_none")]
    commit_id: Option<String>,
    /// The push's id; absent when nothing differs
    #[serde(skip_serializing_if = "Option::is_none")]
    push_id: Option<u64>,
    /// The branch as a full ref
    branch: String,
    /// The number of files that were added or replaced
    written: usize,
    /// The number of files that were deleted
    deleted: usize,
    /// The number of files that are equal to those of the branch
    unchanged: usize,
}

pub(super) struct CommitFolder;

impl Action for CommitFolder {
    const NAME: &'static str = "commit folder";
    const NODE: &'static str =
        r#"Commit folder {{localFolder}} to branch "{{branch}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::InputInvalid,
        ErrorCode::FileFailed,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const FILE_USE: FileUse = FileUse::Reads;
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the commit's parent, author, message, and the blob of every file");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::new("commit").id("commitId").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Publish the pages of a folder",
            inputs: serde_json::json!({
                "repository": "site",
                "branch": "main",
                "message": "Publish the pages",
                "localFolder": "pages",
                "folder": "/docs",
                "deleteOthers": true
            }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let Some(short) = input.branch.branch() else {
            let message = format!("commit folder: {} is not a branch", input.branch);
            return Err(Error::new(ErrorCode::InputInvalid, message));
        };
        let session = cx.session(&input.session)?;
        // A folder that may not be read fails before any request is sent.
        let files = local_files(&cx.services.folders, &input)?;
        in_repository(&session, &input.repository, commit(&session, &input, short, files)).await
    }
}

async fn commit(
    session: &OpenSession<'_>,
    input: &Input,
    short: &str,
    files: IndexMap<String, Vec<u8>>,
) -> Result<Output, Error> {
    let (repository, branch) = (&input.repository, &input.branch);
    let tip = push::tip(session, repository, branch).await?;
    let existing = match tip.as_str() {
        NO_OBJECT => HashMap::new(),
        _ => existing(session, input, short).await?,
    };
    let mut delete = Vec::new();
    if input.delete_others {
        for path in existing.keys().filter(|path| !files.contains_key(*path)) {
            // A path that the service shows and this package does not take cannot be deleted by it.
            delete.push(FilePath::parse(path).map_err(|refusal| invalid(path, &refusal.reason))?);
        }
        delete.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    }
    let all = files.len();
    let is_new = |path: &str, content: &[u8]| existing.get(path) != Some(&blob_id(content));
    let write: IndexMap<String, Content<'_>> = files
        .into_iter()
        .filter(|(path, content)| is_new(path, content))
        .map(|(path, content)| {
            let content = Cow::Owned(STANDARD.encode(content));
            (path, Content { content, content_type: BYTES })
        })
        .collect();
    let (written, deleted) = (write.len(), delete.len());
    let output = |pushed: Option<push::PushedFiles>| {
        let (commit_id, push_id) = pushed.map(|pushed| (pushed.commit_id, pushed.push_id)).unzip();
        Output {
            commit_id,
            push_id,
            branch: branch.full().to_owned(),
            written,
            deleted,
            unchanged: all - written,
        }
    };
    if written + deleted == 0 {
        return Ok(output(None));
    }
    let changes = FileChanges { write, rename: Vec::new(), delete };
    let exists = |path: &str| existing.contains_key(path);
    push::send(session, repository, branch, &input.message, (&tip, &changes), exists)
        .await
        .map(|pushed| output(Some(pushed)))
}

/// Returns the files of the repository's folder by path, with the id of their content
async fn existing(
    session: &OpenSession<'_>,
    input: &Input,
    branch: &str,
) -> Result<HashMap<String, String>, Error> {
    let request = Request::get(&["git", "repositories", input.repository.as_str(), "items"])
        .query("scopePath", input.folder.as_str())
        .query("recursionLevel", "full")
        .query("versionDescriptor.versionType", "branch")
        .query("versionDescriptor.version", branch)
        .list()
        .named(format!("look for the files in the repository \"{}\"", input.repository))
        .needs(&NEEDS)
        .missing("the folder");
    match session.send_list::<RepositoryItem>(request).await {
        Ok(items) => {
            let files = items.into_iter().filter(RepositoryItem::is_file);
            Ok(files.map(|item| (item.path, item.object_id)).collect())
        }
        Err(error) if error.context_value("typeKey") == Some("GitItemNotFoundException") => {
            Ok(HashMap::new())
        }
        Err(error) => Err(error),
    }
}

/// Returns the content of all files below the local folder, by their path in the repository
///
/// Errors: `input.invalid` for a folder that may not be read, is empty or too large, and for a name that a repository
/// cannot have; `file.failed`.
fn local_files(folders: &Folders, input: &Input) -> Result<IndexMap<String, Vec<u8>>, Error> {
    let mut files = IndexMap::new();
    let mut left = LARGEST;
    let mut open = vec![(input.local_folder.as_str().to_owned(), input.folder.as_str().to_owned(), 0)];
    while let Some((local, target, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(invalid(&local, "is nested too deep"));
        }
        for entry in folders.entries(&local, PathKind::File)? {
            let path = FilePath::parse(&format!("{}/{}", target.trim_end_matches('/'), entry.name))
                .map_err(|refusal| invalid(&entry.name, &refusal.reason))?;
            let file = folders.readable(&entry.path.to_string_lossy())?;
            let content = file.content(left)?.ok_or_else(|| {
                let message = format!(
                    "the files of the folder \"{}\" are larger than 64 MB in all",
                    input.local_folder
                );
                Error::new(ErrorCode::InputInvalid, message).help("Commit its subfolders one by one.")
            })?;
            left -= content.len() as u64;
            files.insert(path.as_str().to_owned(), content);
        }
        for entry in folders.entries(&local, PathKind::Folder)? {
            let target = format!("{}/{}", target.trim_end_matches('/'), entry.name);
            open.push((entry.path.to_string_lossy().into_owned(), target, depth + 1));
        }
    }
    if files.is_empty() {
        let message = format!("the folder \"{}\" has no files", input.local_folder);
        return Err(Error::new(ErrorCode::InputInvalid, message));
    }
    files.sort_keys();
    Ok(files)
}

fn invalid(name: &str, reason: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("commit folder: \"{}\": {reason}", printable(name, 1024)))
}
