//! `get repository file`

use crate::actions::files::encoding::TextEncoding;
use crate::actions::files::encoding::without_mark;
use crate::actions::files::item::RepositoryItem;
use crate::actions::files::version::version;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::in_repository;

/// Get a text file of a Git repository
///
/// For a binary file, the output has no content. Commit files keeps the encoding of a text file that it replaces, and
/// its byte order mark.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The file's path from the root of the repository
    path: FilePath,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when it is not given
    #[serde(default)]
    branch: Option<BranchName>,
}

/// The file
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The file's path
    path: String,
    /// The file's text, without a byte order mark; absent for a binary file
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    /// The encoding of the text, such as utf-8, utf-16le or iso-8859-1; absent for a binary file
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    /// Whether the file is binary
    is_binary: bool,
    /// The id of the file's content
    object_id: String,
    /// The commit that the file was read at
    #[serde(skip_serializing_if = "Option::is_none")]
    commit_id: Option<String>,
}

pub(super) struct GetRepositoryFile;

impl Action for GetRepositoryFile {
    const NAME: &'static str = "get repository file";
    const NODE: &'static str = r#"Get repository file "{{path}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Read the pipeline of the main branch",
            inputs: serde_json::json!({ "repository": "site", "path": "/azure-pipelines.yml", "branch": "main" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let subject = match &input.branch {
            Some(branch) => {
                format!("\"{}\" on \"{branch}\" of the repository \"{}\"", input.path, input.repository)
            }
            None => format!("\"{}\" of the repository \"{}\"", input.path, input.repository),
        };
        let mut request = Request::get(&["git", "repositories", input.repository.as_str(), "items"])
            .query("path", input.path.as_str())
            .query("includeContent", "true")
            .query("includeContentMetadata", "true")
            .query("$format", "json")
            .named(format!("read {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject.clone());
        if let Some(branch) = &input.branch {
            let (kind, version) = version(branch)?;
            request = request
                .query("versionDescriptor.versionType", kind)
                .query("versionDescriptor.version", version);
        }
        let item: RepositoryItem = in_repository(&session, &input.repository, session.send(request)).await?;
        if item.is_folder() {
            return Err(Error::new(ErrorCode::InputInvalid, format!("{subject} is a folder, not a file")));
        }
        let metadata = item.content_metadata.unwrap_or_default();
        let is_binary = metadata.is_binary;
        Ok(Output {
            path: if item.path.is_empty() { input.path.as_str().to_owned() } else { item.path },
            content: item.content.filter(|_| !is_binary).map(without_mark),
            encoding: (!is_binary).then(|| TextEncoding::of(metadata.encoding).name()),
            is_binary,
            object_id: item.object_id,
            commit_id: item.commit_id,
        })
    }
}
