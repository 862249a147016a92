//! `download repository file`

use std::time::Duration;

use crate::actions::files::content::Source;
use crate::actions::files::item::RepositoryItem;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// Download a file of a Git repository
///
/// The local file is written under a temporary name and renamed when it is complete; it replaces an existing file. Files
/// are written only in folders that the operator allows. The file may be binary, and is streamed, so its size does not
/// matter.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The file's path from the root of the repository: /docs/logo.png
    path: FilePath,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when it is not given
    #[serde(default)]
    branch: Option<BranchName>,
    /// The file to write: an absolute path, or a path below the bot's own folder
    file: LocalFile,
    /// How long it may take, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The written file
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The absolute path of the file
    file: String,
    /// The size in bytes
    size: u64,
}

pub(super) struct DownloadRepositoryFile;

impl Action for DownloadRepositoryFile {
    const NAME: &'static str = "download repository file";
    const NODE: &'static str =
        r#"Download repository file "{{path}}" of repository "{{repository}}" to {{file}}"#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::InputInvalid,
        ErrorCode::FileNoSpace,
        ErrorCode::FileFailed,
        ErrorCode::DeadlineExceeded,
    ];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Download the readme of the main branch",
            inputs: serde_json::json!({ "repository": "site", "path": "/README.md", "branch": "main", "file": "README.md" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // A folder that may not be written to fails before any request is sent.
        let target = cx.services.folders.writable(input.file.as_str())?;
        let source =
            Source { repository: &input.repository, branch: input.branch.as_ref(), needs: &READ_NEEDS };
        let path = input.path.as_str();
        let download = async {
            let subject = source.subject(path);
            let request = source.items()?.query("path", path).query("$format", "json");
            let request = request.named(format!("look up {subject}")).missing(subject.clone());
            let item: RepositoryItem = session.send(request).await?;
            if item.is_folder() {
                return Err(Error::new(
                    ErrorCode::InputInvalid,
                    format!("{subject} is a folder, not a file"),
                )
                .help("Download repository folder downloads a folder."));
            }
            source.write(&session, path, &target).await
        };
        let size = in_repository(&session, &input.repository, download).await?;
        Ok(Output { file: target.path().to_string_lossy().into_owned(), size })
    }
}
