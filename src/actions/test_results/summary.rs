//! `get test summary`

use crate::actions::prelude::*;
use crate::actions::test_results::model::TestCounts;
use crate::actions::test_results::model::TestRunRecord;
use crate::actions::test_results::requests::READ_NEEDS;
use crate::actions::test_results::requests::test_runs;

/// Get the numbers of passed and failed tests of a pipeline run
///
/// The numbers are those published so far: wait for the pipeline run first. A run without tests has 0 of each.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline run's id
    id: RunId,
}

/// The numbers of tests
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pipeline run's id
    id: u32,
    #[serde(flatten)]
    counts: TestCounts,
    /// The test runs that the pipeline run has published
    test_runs: Vec<TestRun>,
}

/// A test run, which is what one step of a pipeline publishes; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TestRun {
    /// The test run's id
    id: u32,
    /// The name
    name: String,
    /// The state in the service's words: `Completed`, `InProgress`
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(flatten)]
    counts: TestCounts,
    /// When it started
    #[serde(skip_serializing_if = "Option::is_none")]
    started_date: Option<String>,
    /// When it ended
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_date: Option<String>,
    /// The address in a browser
    #[serde(skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
}

impl From<TestRunRecord> for TestRun {
    fn from(record: TestRunRecord) -> Self {
        TestRun {
            counts: record.counts(),
            id: record.id,
            name: record.name,
            state: record.state,
            started_date: record.started_date,
            completed_date: record.completed_date,
            web_url: record.web_access_url,
        }
    }
}

pub(super) struct GetTestSummary;

impl Action for GetTestSummary {
    const NAME: &'static str = "get test summary";
    const NODE: &'static str = "Get test summary of pipeline run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The tests of a run", inputs: serde_json::json!({ "id": 2 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let test_runs: Vec<TestRun> =
            test_runs(&session, input.id).await?.into_iter().map(TestRun::from).collect();
        let mut counts = TestCounts::default();
        test_runs.iter().for_each(|one| counts.include(&one.counts));
        Ok(Output { id: input.id.get(), counts, test_runs })
    }
}
