//! Test runs and test results: the service's records, and the outputs.

use indexmap::IndexMap;

use crate::actions::prelude::*;

/// The outcomes that are counted as failures
const FAILURES: [&str; 4] = ["Failed", "Error", "Timeout", "Aborted"];

/// The numbers of tests by their outcome
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TestCounts {
    /// The number of tests
    pub(super) total: u64,
    /// The number of tests that passed
    pub(super) passed: u64,
    /// The number of tests that failed, ended with an error, took too long or were aborted
    pub(super) failed: u64,
    /// The number of all other tests: not run, inconclusive, in progress and so on
    pub(super) other: u64,
    /// The number of tests by the service's name of their outcome: `Passed`, `Failed`, `NotExecuted`
    pub(super) outcomes: IndexMap<String, u64>,
}

impl TestCounts {
    /// Adds tests with an outcome
    fn add(&mut self, outcome: &str, count: u64) {
        if count == 0 {
            return;
        }
        self.total += count;
        match outcome {
            "Passed" => self.passed += count,
            failure if FAILURES.contains(&failure) => self.failed += count,
            _ => self.other += count,
        }
        *self.outcomes.entry(outcome.to_owned()).or_default() += count;
    }

    /// Adds the numbers of other tests
    pub(super) fn include(&mut self, others: &TestCounts) {
        for (outcome, count) in &others.outcomes {
            self.add(outcome, *count);
        }
    }
}

/// A test run of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TestRunRecord {
    pub(super) id: u32,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) state: Option<String>,
    #[serde(default)]
    pub(super) started_date: Option<String>,
    #[serde(default)]
    pub(super) completed_date: Option<String>,
    #[serde(default)]
    pub(super) web_access_url: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    total_tests: u64,
    #[serde(default, deserialize_with = "null_is_default")]
    passed_tests: u64,
    #[serde(default, deserialize_with = "null_is_default")]
    unanalyzed_tests: u64,
    #[serde(default, deserialize_with = "null_is_default")]
    run_statistics: Vec<Statistic>,
}

#[derive(Deserialize)]
struct Statistic {
    #[serde(default, deserialize_with = "null_is_default")]
    outcome: String,
    #[serde(default, deserialize_with = "null_is_default")]
    count: u64,
}

impl TestRunRecord {
    /// Returns the numbers of its tests
    ///
    /// The statistics have every outcome. A server may leave them out; then the totals of the run have passed and failed
    /// tests only.
    pub(super) fn counts(&self) -> TestCounts {
        let mut counts = TestCounts::default();
        for one in &self.run_statistics {
            let outcome = if one.outcome.is_empty() { "Unspecified" } else { &one.outcome };
            counts.add(outcome, one.count);
        }
        if counts.total == 0 {
            counts.add("Passed", self.passed_tests);
            counts.add("Failed", self.unanalyzed_tests);
            let rest = self.total_tests.saturating_sub(counts.total);
            counts.add("Unspecified", rest);
        }
        counts
    }
}

/// A result of a test as the service sends it
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultRecord {
    id: u32,
    #[serde(default)]
    test_case_title: Option<String>,
    #[serde(default)]
    automated_test_name: Option<String>,
    #[serde(default)]
    automated_test_storage: Option<String>,
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    duration_in_ms: Option<f64>,
    #[serde(default)]
    error_message: Option<String>,
    #[serde(default)]
    stack_trace: Option<String>,
    #[serde(default)]
    started_date: Option<String>,
    #[serde(default)]
    completed_date: Option<String>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for ResultRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

/// A result of a test; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TestResult {
    /// The result's id in its test run
    id: u32,
    /// The id of its test run
    test_run: u32,
    /// The title of the test
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The full name of the test
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The file or package that has the test
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<String>,
    /// The outcome in the service's words: `Passed`, `Failed`, `NotExecuted`
    outcome: String,
    /// The duration in seconds
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    /// The error message
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    /// The stack trace
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_trace: Option<String>,
    /// When the test started
    #[serde(skip_serializing_if = "Option::is_none")]
    started_date: Option<String>,
    /// When the test ended
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

impl TestResult {
    /// Returns the output for a result of a test run
    pub(super) fn of(test_run: u32, record: ResultRecord) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        TestResult {
            id: record.id,
            test_run,
            title: some(record.test_case_title),
            name: some(record.automated_test_name),
            storage: some(record.automated_test_storage),
            outcome: some(record.outcome).unwrap_or_else(|| "Unspecified".to_owned()),
            duration: record.duration_in_ms.map(|milliseconds| milliseconds / 1000.0),
            error_message: some(record.error_message),
            stack_trace: some(record.stack_trace),
            started_date: record.started_date,
            completed_date: record.completed_date,
            raw: record.raw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(record: serde_json::Value) -> TestCounts {
        serde_json::from_value::<TestRunRecord>(record).expect("it is a test run").counts()
    }

    #[test]
    fn the_statistics_of_a_test_run_are_counted_by_outcome() {
        let found = counts(serde_json::json!({
            "id": 1,
            "totalTests": 9,
            "runStatistics": [
                { "state": "Completed", "outcome": "Passed", "count": 5 },
                { "state": "Completed", "outcome": "Failed", "count": 1 },
                { "state": "Completed", "outcome": "Timeout", "count": 1 },
                { "state": "Completed", "outcome": "NotExecuted", "count": 2 },
            ],
        }));
        assert_eq!((found.total, found.passed, found.failed, found.other), (9, 5, 2, 2));
        assert_eq!(found.outcomes["NotExecuted"], 2);
    }

    #[test]
    fn a_test_run_without_statistics_has_its_totals() {
        let record = serde_json::json!({
            "id": 1, "totalTests": 9, "passedTests": 6, "unanalyzedTests": 2, "runStatistics": null,
        });
        let found = counts(record);
        assert_eq!((found.total, found.passed, found.failed, found.other), (9, 6, 2, 1));
        assert_eq!(counts(serde_json::json!({ "id": 1 })), TestCounts::default());
    }
}
