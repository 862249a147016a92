//! `list pull request threads`

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::reviews::threads::Thread;
use crate::actions::reviews::threads::ThreadRecord;

/// List the threads of a pull request with their comments
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// Whether to list only threads that wait for an answer: those that are active or pending
    #[serde(default)]
    only_open: bool,
    /// Whether to list the messages of the service too, such as votes and pushes
    #[serde(default)]
    include_system: bool,
    /// The maximum number of threads
    #[serde(default)]
    limit: Limit,
}

/// The threads
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The threads, in the service's order
    threads: Vec<Thread>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPullRequestThreads;

impl Action for ListPullRequestThreads {
    const NAME: &'static str = "list pull request threads";
    const NODE: &'static str = "List pull request threads of pull request {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "All comments of people", inputs: serde_json::json!({ "id": 1 }) },
            Example {
                title: "What waits for an answer",
                inputs: serde_json::json!({ "id": 1, "onlyOpen": true }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let number = input.id.to_string();
        let path: Vec<&str> = path(&pull_request, &number).into_iter().chain(["threads"]).collect();
        let request = Request::get(&path)
            .list()
            .named(format!("list the threads of the pull request {}", input.id))
            .needs(&READ_NEEDS)
            .missing(format!("the pull request {}", input.id));
        let listing = session.send_list::<ThreadRecord>(request);
        let mut found = in_its_repository(&session, &pull_request, listing).await?;
        found.retain(|thread| {
            !thread.is_deleted()
                && (input.include_system || thread.is_of_people())
                && (!input.only_open || thread.is("active") || thread.is("pending"))
        });
        let page = session.cut(found, input.limit);
        Ok(Output {
            threads: page.items.into_iter().map(ThreadRecord::into_output).collect(),
            more: page.more,
        })
    }
}
