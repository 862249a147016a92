//! Requests for test runs and their results.
//!
//! The members of the responses follow the service's published description of test runs and test results 7.1.

use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;
use crate::actions::test_results::model::TestRunRecord;

/// The page size of the requests for test runs
const RUNS: usize = 100;

/// The page size of the requests for results
pub(super) const RESULTS: usize = 1000;

/// The needs of reading test results
pub(super) const READ_NEEDS: Needs = Needs {
    permissions: &[permissions::VIEW_TEST_RUNS, permissions::VIEW_BUILDS],
    scope: Some(Scope::TestRead),
};

/// Returns the test runs that a pipeline run has published so far
///
/// Errors: those of the requests; `resource.not_found` for a pipeline run that does not exist. The service answers with
/// an empty list for it, so that a run without tests is looked up.
pub(super) async fn test_runs(session: &OpenSession<'_>, id: RunId) -> Result<Vec<TestRunRecord>, Error> {
    let request = Request::get(&["test", "runs"])
        .query("buildUri", &format!("vstfs:///Build/Build/{id}"))
        .query("includeRunDetails", "true")
        .list_by_count(RUNS)
        .named(format!("list the test runs of the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"));
    let found: Vec<TestRunRecord> = session.send_list(request).await?;
    if found.is_empty() {
        session.send::<Document>(read_request(id).needs(&READ_NEEDS)).await?;
    }
    Ok(found)
}
