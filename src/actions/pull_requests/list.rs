//! `list pull requests`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// The page size of the requests
const PAGE: usize = 100;

/// List the pull requests of the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id; all repositories of the project when it is not given
    #[serde(default)]
    repository: Option<RepositoryName>,
    /// The status of the pull requests
    #[serde(default)]
    status: Status,
    /// Only pull requests with this source branch
    #[serde(default)]
    source_branch: Option<BranchName>,
    /// Only pull requests with this target branch
    #[serde(default)]
    target_branch: Option<BranchName>,
    /// Whether to list only pull requests that the token's user created
    #[serde(default)]
    created_by_me: bool,
    /// The maximum number of pull requests
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each pull request too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The status of the listed pull requests
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Status {
    /// Active
    #[default]
    Active,
    /// Completed
    Completed,
    /// Abandoned
    Abandoned,
    /// All
    All,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Completed => "completed",
            Status::Abandoned => "abandoned",
            Status::All => "all",
        }
    }
}

/// The pull requests
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pull requests, newest first
    pull_requests: Vec<PullRequest>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPullRequests;

impl Action for ListPullRequests {
    const NAME: &'static str = "list pull requests";
    const NODE: &'static str = "List pull requests";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The active pull requests of the project", inputs: serde_json::json!({}) },
            Example {
                title: "The pull requests merged into a branch",
                inputs: serde_json::json!({ "repository": "site", "status": "COMPLETED", "targetBranch": "main" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let (mut request, subject) = match &input.repository {
            Some(name) => (
                Request::get(&["git", "repositories", name.as_str(), "pullrequests"]),
                format!("the repository \"{name}\""),
            ),
            None => {
                (Request::get(&["git", "pullrequests"]), format!("the project \"{}\"", session.project()))
            }
        };
        request = request.query("searchCriteria.status", input.status.as_str());
        for (name, branch) in [("source", &input.source_branch), ("target", &input.target_branch)] {
            if let Some(branch) = branch {
                request = request.query(&format!("searchCriteria.{name}RefName"), branch.full());
            }
        }
        if input.created_by_me {
            request = request.query("searchCriteria.creatorId", &session.connection().identity().id);
        }
        let request = request
            .list_by_count(PAGE)
            .named(format!("list the pull requests of {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject);
        let records = session.send_records::<PullRequestRecord>(request, input.limit, input.include_raw);
        let page = match &input.repository {
            Some(name) => in_repository(&session, name, records).await?,
            None => records.await?,
        };
        let pull_requests = page.items.into_iter().map(|wire| wire.into_output(&session)).collect();
        Ok(Output { pull_requests, more: page.more })
    }
}
