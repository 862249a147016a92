//! `list pull requests`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;

/// As many pull requests as are asked for in one page
const PAGE: usize = 100;

/// List the pull requests of the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id; all of the project's when it is not given
    #[serde(default)]
    repository: Option<RepositoryName>,
    /// Which pull requests
    #[serde(default)]
    status: Status,
    /// Only those whose changes are on this branch
    #[serde(default)]
    source_branch: Option<BranchName>,
    /// Only those that go into this branch
    #[serde(default)]
    target_branch: Option<BranchName>,
    /// Whether only those that the token's user created are wanted
    #[serde(default)]
    created_by_me: bool,
    /// How many pull requests at most
    #[serde(default)]
    limit: Limit,
    /// Whether each pull request also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// Which pull requests are listed
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Status {
    /// Those that are open
    #[default]
    Active,
    /// Those that were merged
    Completed,
    /// Those that were given up
    Abandoned,
    /// All of them
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
    /// Whether there are more than the limit let through
    more: bool,
}

pub(super) struct ListPullRequests;

impl Action for ListPullRequests {
    const NAME: &'static str = "list pull requests";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "What is open in the project", inputs: serde_json::json!({}) },
            Example {
                title: "What was merged into a branch",
                inputs: serde_json::json!({ "repository": "site", "status": "COMPLETED", "targetBranch": "main" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let (mut request, thing) = match &input.repository {
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
            .named(format!("list the pull requests of {thing}"))
            .needs(&Self::NEEDS)
            .missing(thing);
        let records = session.send_records::<PullRequestRecord>(request, input.limit, input.include_raw);
        let page = match &input.repository {
            Some(name) => in_repository(&session, name, records).await?,
            None => records.await?,
        };
        let pull_requests = page.items.into_iter().map(|wire| wire.shown(&session)).collect();
        Ok(Output { pull_requests, more: page.more })
    }
}
