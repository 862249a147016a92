//! `list commits`

use crate::actions::files::version::version;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// The page size of the requests
const PAGE: usize = 100;

/// List the commits of a Git repository
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when it is not given
    #[serde(default)]
    branch: Option<BranchName>,
    /// Only commits that changed this file, or something in this folder
    #[serde(default)]
    path: Option<FolderPath>,
    /// Only commits of this author, by name or e-mail address
    #[serde(default)]
    author: Option<PersonName>,
    /// Only commits since this time: 2026-11-01T08:00:00Z, or 2026-11-01T08:00:00 or 2026-11-01 in the local
    /// time of the machine
    #[serde(default)]
    from: Option<Moment>,
    /// Only commits until this time, in the same forms
    #[serde(default)]
    to: Option<Moment>,
    /// The maximum number of commits
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each commit too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The commits
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The commits, newest first
    commits: Vec<Commit>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A commit
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Commit {
    /// The commit's id
    commit_id: String,
    /// The message; the service cuts long ones
    message: String,
    /// The name of the author
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// The author's e-mail address
    #[serde(skip_serializing_if = "Option::is_none")]
    author_email: Option<String>,
    /// When the author wrote it
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    commit_id: String,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    author: Option<Author>,
    #[serde(default)]
    remote_url: Option<String>,
    #[serde(skip)]
    raw: Option<Raw>,
}

#[derive(Default, Deserialize)]
struct Author {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    date: Option<String>,
}

impl Record for Wire {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl From<Wire> for Commit {
    fn from(wire: Wire) -> Self {
        let author = wire.author.unwrap_or_default();
        Commit {
            commit_id: wire.commit_id,
            message: wire.comment.unwrap_or_default(),
            author: author.name,
            author_email: author.email,
            date: author.date,
            web_url: wire.remote_url,
            raw: wire.raw,
        }
    }
}

pub(super) struct ListCommits;

impl Action for ListCommits {
    const NAME: &'static str = "list commits";
    const NODE: &'static str = r#"List commits of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "The latest ten commits",
                inputs: serde_json::json!({ "repository": "site", "limit": 10 }),
            },
            Example {
                title: "The changes of a file since a date",
                inputs: serde_json::json!({ "repository": "site", "path": "/README.md", "from": "2026-01-01" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let from = input.from.as_ref().map(|moment| session.moment("from", moment)).transpose()?;
        let to = input.to.as_ref().map(|moment| session.moment("to", moment)).transpose()?;
        let on = input.branch.as_ref().map(|branch| format!("the branch \"{branch}\" of "));
        let subject = format!("{}the repository \"{}\"", on.unwrap_or_default(), input.repository);
        let mut request = Request::get(&["git", "repositories", input.repository.as_str(), "commits"])
            .list_by_criteria(PAGE)
            .named(format!("list the commits of {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject);
        let criteria = [
            ("searchCriteria.itemPath", input.path.as_ref().map(FolderPath::as_str)),
            ("searchCriteria.author", input.author.as_ref().map(PersonName::as_str)),
            ("searchCriteria.fromDate", from.as_deref()),
            ("searchCriteria.toDate", to.as_deref()),
        ];
        for (name, value) in criteria {
            if let Some(value) = value {
                request = request.query(name, value);
            }
        }
        if let Some(branch) = &input.branch {
            let (kind, version) = version(branch)?;
            request = request
                .query("searchCriteria.itemVersion.versionType", kind)
                .query("searchCriteria.itemVersion.version", version);
        }
        let records = session.send_records::<Wire>(request, input.limit, input.include_raw);
        let page = in_repository(&session, &input.repository, records).await?;
        Ok(Output { commits: page.items.into_iter().map(Commit::from).collect(), more: page.more })
    }
}
