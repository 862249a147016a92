//! `download repository folder`

use std::path::Path;
use std::time::Duration;

use crate::actions::files::content::Source;
use crate::actions::files::item::RepositoryItem;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// Download a folder of a Git repository with its files and subfolders
///
/// Each file is written under a temporary name and renamed when it is complete; it replaces an existing file. Other files
/// of the local folder stay as they are. Files are written only in folders that the operator allows. Files may be binary,
/// and are streamed. Submodules are left out.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The folder's path from the root of the repository; the root when it is not given
    #[serde(default)]
    folder: FolderPath,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when it is not given
    #[serde(default)]
    branch: Option<BranchName>,
    /// The local folder, which is created if it does not exist: an absolute path, or a path below the bot's own folder
    local_folder: LocalFolder,
    /// How long it may take, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The written files
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The local folder, as it was given
    folder: String,
    /// The number of files
    count: usize,
    /// The size of all files together, in bytes
    size: u64,
}

pub(super) struct DownloadRepositoryFolder;

impl Action for DownloadRepositoryFolder {
    const NAME: &'static str = "download repository folder";
    const NODE: &'static str =
        r#"Download repository folder of repository "{{repository}}" to {{localFolder}}"#;
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
            title: "Download everything of a branch",
            inputs: serde_json::json!({ "repository": "site", "branch": "main", "localFolder": "site" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // A folder that may not be written to fails before any request is sent.
        cx.services.folders.create_folder(input.local_folder.as_str())?;
        in_repository(&session, &input.repository, download(cx, &session, &input)).await
    }
}

async fn download(cx: &Context<'_>, session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let source = Source { repository: &input.repository, branch: input.branch.as_ref(), needs: &READ_NEEDS };
    let (folder, local) = (input.folder.as_str(), input.local_folder.as_str());
    let subject = source.subject(folder);
    let request = source
        .items()?
        .query("scopePath", folder)
        .query("recursionLevel", "full")
        .list()
        .named(format!("list {subject}"))
        .missing(subject.clone());
    let items: Vec<RepositoryItem> = session.send_list(request).await?;
    // The first entry is the folder itself; for the path of a file it is the only one.
    if items.iter().any(|item| !item.is_folder() && item.path == folder) {
        return Err(Error::new(ErrorCode::InputInvalid, format!("{subject} is a file, not a folder"))
            .help("Download repository file downloads a file."));
    }
    let (mut count, mut size) = (0, 0);
    for item in items.iter().filter(|item| item.is_file()) {
        let target = local_path(local, folder, &item.path)?;
        if let Some(parent) = target.parent() {
            cx.services.folders.create_folder(&parent.to_string_lossy())?;
        }
        let target = cx.services.folders.writable(&target.to_string_lossy())?;
        size += source.write(session, &item.path, &target).await?;
        count += 1;
        cx.progress.report(&format!("{count} files of {subject}"));
    }
    Ok(Output { folder: local.to_owned(), count, size })
}

/// Returns the local path of a file, which is below the local folder whatever its name is
///
/// Errors: `input.invalid` for a name that would lead elsewhere on some system.
fn local_path(local: &str, folder: &str, path: &str) -> Result<std::path::PathBuf, Error> {
    let refuse = |reason: &str| {
        let path = printable(path, 1024);
        Error::new(ErrorCode::InputInvalid, format!("the file \"{path}\" cannot be a local file: {reason}"))
    };
    let below = path.strip_prefix(folder.trim_end_matches('/')).unwrap_or(path);
    let parsed = FilePath::parse(below).map_err(|refusal| refuse(&refusal.reason))?;
    if cfg!(windows) && parsed.as_str().contains(':') {
        return Err(refuse("it contains \":\""));
    }
    Ok(Path::new(local).join(parsed.as_str().trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_below_the_local_folder_or_refused() {
        let path = |folder: &str, path: &str| local_path("out", folder, path);
        assert_eq!(path("/", "/docs/a.md").expect("it is good"), Path::new("out/docs/a.md"));
        assert_eq!(path("/docs", "/docs/a.md").expect("it is good"), Path::new("out/a.md"));
        for bad in ["/../a", "/docs/../../a", "/a\\..\\..\\b", "/.git/config", "/a\n", "/"] {
            assert_eq!(path("/", bad).expect_err(bad).code(), ErrorCode::InputInvalid, "{bad}");
        }
    }
}
