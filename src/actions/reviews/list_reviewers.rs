//! `list pull request reviewers`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::ReviewerRecord;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::reviews::model::Reviewer;

/// List the reviewers of a pull request and their votes
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
}

/// The reviewers
#[derive(Serialize, JsonSchema)]
pub(super) struct Output {
    /// The reviewers, in the service's order
    reviewers: Vec<Reviewer>,
}

pub(super) struct ListPullRequestReviewers;

impl Action for ListPullRequestReviewers {
    const NAME: &'static str = "list pull request reviewers";
    const NODE: &'static str = "List pull request reviewers of pull request {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Who reviews a pull request", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let number = input.id.to_string();
        let path: Vec<&str> = path(&pull_request, &number).into_iter().chain(["reviewers"]).collect();
        let request = Request::get(&path)
            .list()
            .named(format!("list the reviewers of the pull request {}", input.id))
            .needs(&READ_NEEDS)
            .missing(format!("the pull request {}", input.id));
        let listing = session.send_list::<ReviewerRecord>(request);
        let found = in_its_repository(&session, &pull_request, listing).await?;
        Ok(Output { reviewers: found.into_iter().map(Reviewer::from).collect() })
    }
}
