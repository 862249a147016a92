//! `list pull request changes`

use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::shared::changed_files::ChangeRecord;
use crate::actions::shared::changed_files::ChangedFile;
use crate::actions::shared::changed_files::PAGE;
use crate::actions::shared::changed_files::listed;
use crate::actions::shared::changed_files::time_limit;

/// List the files that a pull request changes
///
/// The files are those that differ between the latest commit of the source branch and the commit at which it left the
/// target branch. On request, each text file has its differences as a unified diff.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// Whether to return the differences of each text file too, as `diff`
    #[serde(default)]
    include_diff: bool,
    /// The maximum number of files
    #[serde(default)]
    limit: Limit,
}

/// The changed files
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The changed files, by path
    changes: Vec<ChangedFile>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A state of the source branch in the course of a pull request
#[derive(Deserialize)]
struct Iteration {
    id: u32,
}

/// A page of changes
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    #[serde(default)]
    change_entries: Option<Vec<ChangeRecord>>,
    /// The number of changes before the next page; 0 or absent on the last page
    #[serde(default)]
    next_skip: Option<usize>,
}

pub(super) struct ListPullRequestChanges;

impl Action for ListPullRequestChanges {
    const NAME: &'static str = "list pull request changes";
    const NODE: &'static str = "List pull request changes of pull request {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The changed files", inputs: serde_json::json!({ "id": 1 }) },
            Example {
                title: "The same, with the differences",
                inputs: serde_json::json!({ "id": 1, "includeDiff": true }),
            },
        ]
    }

    fn time_limit(input: &Input) -> Duration {
        time_limit(input.include_diff)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let number = input.id.to_string();
        let path = path(&pull_request, &number);
        let repository = pull_request.repository.id.as_str();
        in_its_repository(&session, &pull_request, list(&session, &input, &path, repository)).await
    }
}

async fn list(
    session: &OpenSession<'_>,
    input: &Input,
    path: &[&str],
    repository: &str,
) -> Result<Output, Error> {
    let subject = format!("the pull request {}", input.id);
    let get = |segments: &[&str]| {
        let path: Vec<&str> = path.iter().chain(segments).copied().collect();
        Request::get(&path)
            .list()
            .named(format!("list the changes of {subject}"))
            .needs(&READ_NEEDS)
            .missing(subject.clone())
    };
    let iterations: Vec<Iteration> = session.send_list(get(&["iterations"])).await?;
    let latest = iterations.iter().map(|iteration| iteration.id).max();
    let mut records = Vec::new();
    if let Some(latest) = latest.map(|latest| latest.to_string()) {
        let mut skip = 0;
        while records.len() <= input.limit.get() {
            let request = get(&["iterations", &latest, "changes"])
                .query("$top", &PAGE.to_string())
                .query("$skip", &skip.to_string());
            let page: Changes = session.send(request).await?;
            records.extend(page.change_entries.into_iter().flatten().filter(ChangeRecord::is_file));
            match page.next_skip {
                Some(next) if next > skip => skip = next,
                _ => break,
            }
        }
    }
    let page = session.cut(records, input.limit);
    let changes = listed(session, repository, page.items, input.include_diff, &READ_NEEDS).await?;
    Ok(Output { changes, more: page.more })
}
