//! `list test results`

use crate::actions::prelude::*;
use crate::actions::test_results::model::ResultRecord;
use crate::actions::test_results::model::TestResult;
use crate::actions::test_results::requests::READ_NEEDS;
use crate::actions::test_results::requests::RESULTS;
use crate::actions::test_results::requests::test_runs;

/// List the test results of a pipeline run, with the errors of failed tests
///
/// The results are those published so far: wait for the pipeline run first. A run without tests has an empty list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline run's id
    id: RunId,
    /// Only results with this outcome
    #[serde(default)]
    outcome: TestOutcome,
    /// The maximum number of results
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each result too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The outcome of a test
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum TestOutcome {
    /// All
    #[default]
    All,
    /// Passed
    Passed,
    /// Failed, also with an error, a timeout, or aborted
    Failed,
    /// Not run
    NotExecuted,
    /// Inconclusive
    Inconclusive,
    /// Passed with a warning
    Warning,
    /// Blocked
    Blocked,
    /// Not applicable
    NotApplicable,
}

impl TestOutcome {
    /// Returns the service's names of the outcomes
    fn as_str(self) -> Option<&'static str> {
        match self {
            TestOutcome::All => None,
            TestOutcome::Passed => Some("Passed"),
            TestOutcome::Failed => Some("Failed,Error,Timeout,Aborted"),
            TestOutcome::NotExecuted => Some("NotExecuted"),
            TestOutcome::Inconclusive => Some("Inconclusive"),
            TestOutcome::Warning => Some("Warning"),
            TestOutcome::Blocked => Some("Blocked"),
            TestOutcome::NotApplicable => Some("NotApplicable"),
        }
    }
}

/// The results
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The results, test run by test run, in the service's order
    results: Vec<TestResult>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListTestResults;

impl Action for ListTestResults {
    const NAME: &'static str = "list test results";
    const NODE: &'static str = "List test results of pipeline run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The failed tests of a run",
            inputs: serde_json::json!({ "id": 2, "outcome": "FAILED" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // One entry beyond the limit shows that there are more.
        let wanted = input.limit.get() + 1;
        let mut results = Vec::new();
        for test_run in test_runs(&session, input.id).await? {
            let left = wanted - results.len();
            if left == 0 {
                break;
            }
            let mut request = Request::get(&["test", "Runs", &test_run.id.to_string(), "results"])
                .list_by_count(RESULTS)
                .named(format!("list the results of the test run {}", test_run.id))
                .needs(&READ_NEEDS)
                .missing(format!("the test run {}", test_run.id));
            if let Some(outcomes) = input.outcome.as_str() {
                request = request.query("outcomes", outcomes);
            }
            let page = session.send_part::<ResultRecord>(request, left, input.include_raw).await?;
            results.extend(page.items.into_iter().map(|record| TestResult::of(test_run.id, record)));
        }
        let page = session.cut(results, input.limit);
        Ok(Output { results: page.items, more: page.more })
    }
}
