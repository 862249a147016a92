//! `list repository files`

use crate::actions::files::item::RepositoryItem;
use crate::actions::files::version::version;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// List the files and folders of a Git repository
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
    /// Whether to list the content of subfolders too
    #[serde(default)]
    recursive: bool,
    /// The maximum number of files and folders
    #[serde(default)]
    limit: Limit,
}

/// The content of the folder
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The files and folders, without the folder itself
    files: Vec<Listed>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A file or folder
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Listed {
    /// The path from the root of the repository
    path: String,
    /// Whether it is a folder
    is_folder: bool,
    /// The id of its content
    object_id: String,
    /// The commit that it was listed at
    #[serde(skip_serializing_if = "Option::is_none")]
    commit_id: Option<String>,
}

impl From<RepositoryItem> for Listed {
    fn from(item: RepositoryItem) -> Self {
        let is_folder = item.is_folder();
        Listed { path: item.path, is_folder, object_id: item.object_id, commit_id: item.commit_id }
    }
}

pub(super) struct ListRepositoryFiles;

impl Action for ListRepositoryFiles {
    const NAME: &'static str = "list repository files";
    const NODE: &'static str = r#"List repository files of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "What is in the root", inputs: serde_json::json!({ "repository": "site" }) },
            Example {
                title: "Everything on a branch",
                inputs: serde_json::json!({ "repository": "site", "branch": "topic", "recursive": true }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let subject = match &input.branch {
            Some(branch) => {
                format!("\"{}\" on \"{branch}\" of the repository \"{}\"", input.folder, input.repository)
            }
            None => format!("\"{}\" of the repository \"{}\"", input.folder, input.repository),
        };
        let mut request = Request::get(&["git", "repositories", input.repository.as_str(), "items"])
            .query("scopePath", input.folder.as_str())
            .query("recursionLevel", if input.recursive { "full" } else { "oneLevel" })
            .list()
            .named(format!("list {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject.clone());
        if let Some(branch) = &input.branch {
            let (kind, version) = version(branch)?;
            request = request
                .query("versionDescriptor.versionType", kind)
                .query("versionDescriptor.version", version);
        }
        let items: Vec<RepositoryItem> =
            in_repository(&session, &input.repository, session.send_list(request)).await?;
        // The first entry is the folder itself; for the path of a file it is the only one.
        if let [only] = items.as_slice()
            && !only.is_folder()
            && only.path == input.folder.as_str()
        {
            return Err(Error::new(ErrorCode::InputInvalid, format!("{subject} is a file, not a folder")));
        }
        let inside = items.into_iter().filter(|item| item.path != input.folder.as_str());
        let page = session.cut(inside.map(Listed::from).collect(), input.limit);
        Ok(Output { files: page.items, more: page.more })
    }
}
