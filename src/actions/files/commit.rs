//! `commit files`

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;

use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::files::encoding::TextEncoding;
use crate::actions::files::existing;
use crate::actions::files::existing::ExistingFiles;
use crate::actions::files::push;
use crate::actions::files::push::BYTES;
use crate::actions::files::push::Content;
use crate::actions::files::push::FileChanges;
use crate::actions::files::push::NEEDS;
use crate::actions::files::push::PushedFiles;
use crate::actions::files::push::TEXT;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::in_repository;

/// Commit changes of files to a branch of a Git repository
///
/// All changes go into one commit and one push. Files and binary files replace existing files or are added. A text file
/// that is replaced keeps its encoding, such as UTF-16 or windows-1252, and its byte order mark; a new one is in UTF-8
/// without one. In an empty repository the commit creates the first branch. When someone else pushes in the meantime, nothing changes and the
/// action fails with `resource.conflict`. When the response is lost, the action looks for the commit and compares all
/// of it.
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
    /// Text files: each path and its full text
    #[serde(default)]
    files: IndexMap<String, String>,
    /// Binary files: each path and its full content in base64
    #[serde(default)]
    binary_files: IndexMap<String, Base64Text>,
    /// Files to rename: each path and its new path; list the new path in files too to change the content
    #[serde(default)]
    rename: IndexMap<String, String>,
    /// The paths of files to delete
    #[serde(default)]
    delete: Vec<FilePath>,
}

pub(super) struct CommitFiles;

impl Action for CommitFiles {
    const NAME: &'static str = "commit files";
    const NODE: &'static str = r#"Commit files to branch "{{branch}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the commit's parent, author, message, and the blob of every file");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::new("commit").id("commitId").name(""));
    type Input = Input;
    type Output = PushedFiles;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Commit two files",
                inputs: serde_json::json!({
                    "repository": "site",
                    "branch": "main",
                    "message": "Add the release notes",
                    "files": { "/notes/1.0.md": "# 1.0\n", "/README.md": "# Site\n" }
                }),
            },
            Example {
                title: "Rename a file and add an image",
                inputs: serde_json::json!({
                    "repository": "site",
                    "branch": "main",
                    "message": "Move the page and show the logo",
                    "rename": { "/README.md": "/docs/index.md" },
                    "binaryFiles": { "/docs/logo.png": "iVBORw0KGgo=" }
                }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        checked(input).map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PushedFiles, Error> {
        let branch = &input.branch;
        let Some(short) = branch.branch() else {
            let message = format!("commit files: {branch} is not a branch");
            return Err(Error::new(ErrorCode::InputInvalid, message));
        };
        let changes = checked(&input)?;
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, commit(&session, &input, short, changes)).await
    }
}

async fn commit(
    session: &OpenSession<'_>,
    input: &Input,
    short: &str,
    mut changes: FileChanges<'_>,
) -> Result<PushedFiles, Error> {
    let (repository, branch, needs) = (&input.repository, &input.branch, &NEEDS);
    let tip = push::tip(session, repository, branch).await?;
    let existing = match tip.as_str() {
        NO_OBJECT => ExistingFiles::default(),
        _ => {
            let sources = changes.rename.iter().filter(|(_, to)| changes.write.contains_key(to.as_str()));
            let sources = sources.map(|(from, _)| from.as_str());
            let paths = changes.write.keys().map(String::as_str).chain(sources);
            existing::find(session, repository, short, paths, needs).await?
        }
    };
    changes.keep_encodings(session, repository, short, &existing).await?;
    let exists = |path: &str| existing.contains_key(path);
    push::send(session, repository, branch, &input.message, (&tip, &changes), exists).await
}

impl FileChanges<'_> {
    /// Converts each text that replaces a file to the encoding of that file, with its byte order mark
    ///
    /// Errors: those of requests; `input.invalid` for a text with a character that the encoding does not have.
    async fn keep_encodings(
        &mut self,
        session: &OpenSession<'_>,
        repository: &RepositoryName,
        branch: &str,
        existing: &ExistingFiles,
    ) -> Result<(), Error> {
        let texts = self.write.iter().filter(|(_, content)| content.content_type == TEXT);
        let replaced = texts.map(|(path, _)| {
            // A renamed file keeps the encoding that it had under its former path.
            let former =
                self.rename.iter().find(|(_, to)| to.as_str() == *path).map(|(from, _)| from.as_str());
            (path.clone(), former.unwrap_or(path.as_str()).to_owned())
        });
        let needs = &NEEDS;
        let encodings =
            existing::encodings(session, repository, branch, existing, replaced.collect(), needs).await?;
        for (path, former, encoding) in encodings {
            let Some(content) = self.write.get_mut(&path).filter(|_| encoding != TextEncoding::UTF_8) else {
                continue;
            };
            let Some(bytes) = encoding.encode(&content.content) else {
                let (path, name) = (printable(&former, 1024), encoding.name());
                let message = format!(
                    "commit files: the file \"{path}\" is in {name}, which does not have all characters of its new text"
                );
                return Err(Error::new(ErrorCode::InputInvalid, message).help(
                    "Remove these characters, or give the whole file in binaryFiles, in any encoding.",
                ));
            };
            *content = Content { content: Cow::Owned(STANDARD.encode(bytes)), content_type: BYTES };
        }
        Ok(())
    }
}

/// Returns the changes under checked paths; no path occurs twice
fn checked(input: &Input) -> Result<FileChanges<'_>, Error> {
    let refuse = |reason: String| Error::new(ErrorCode::InputInvalid, format!("commit files: {reason}"));
    let path = |field: &str, text: &str| {
        FilePath::parse(text).map_err(|refusal| refuse(format!("\"{field}\": {}", refusal.reason)))
    };
    let twice = |path: &str| refuse(format!("\"{path}\" is given twice"));
    let count = input.files.len() + input.binary_files.len() + input.rename.len() + input.delete.len();
    if count == 0 {
        return Err(refuse("give files, binaryFiles, rename or delete: nothing is to be changed".to_owned()));
    }
    let text = |text| Content { content: Cow::Borrowed(text), content_type: TEXT };
    let texts = input.files.iter().map(|(path, content)| ("files", path, text(content.as_str())));
    let binaries = input.binary_files.iter().map(|(path, content)| {
        ("binaryFiles", path, Content { content: Cow::Borrowed(content.as_str()), content_type: BYTES })
    });
    let mut write = IndexMap::new();
    for (field, text, content) in texts.chain(binaries) {
        let path = path(field, text)?;
        if write.insert(path.as_str().to_owned(), content).is_some() {
            return Err(twice(path.as_str()));
        }
    }
    let mut rename = Vec::new();
    let mut touched: HashSet<String> = HashSet::new();
    for (from, to) in &input.rename {
        let (from, to) = (path("rename", from)?, path("rename", to)?);
        let again = [&from, &to].into_iter().find(|path| !touched.insert(path.as_str().to_owned()));
        if let Some(again) = again {
            return Err(twice(again.as_str()));
        }
        if write.contains_key(from.as_str()) {
            return Err(twice(from.as_str()));
        }
        rename.push((from, to));
    }
    for path in &input.delete {
        if write.contains_key(path.as_str()) || !touched.insert(path.as_str().to_owned()) {
            return Err(twice(path.as_str()));
        }
    }
    Ok(FileChanges { write, rename, delete: input.delete.clone() })
}
