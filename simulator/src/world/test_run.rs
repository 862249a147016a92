//! The description of the test runs that a pipeline's runs publish.

use serde::Deserialize;
use serde::Serialize;

/// A test run of a completed pipeline run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRun {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) results: Vec<TestResult>,
}

/// The result of a test.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    pub(crate) name: String,
    /// In the service's spelling: `Passed`, `Failed`, `NotExecuted`.
    #[serde(default = "passed")]
    pub(crate) outcome: String,
    #[serde(default)]
    pub(crate) error: Option<String>,
}

fn passed() -> String {
    "Passed".to_owned()
}

impl TestRun {
    /// A test run without results.
    pub fn named(name: &str) -> Self {
        TestRun { name: name.to_owned(), results: Vec::new() }
    }

    /// Adds a test with an outcome in the service's spelling.
    pub fn result(mut self, name: &str, outcome: &str) -> Self {
        self.results.push(TestResult { name: name.to_owned(), outcome: outcome.to_owned(), error: None });
        self
    }

    /// Adds a test that failed with an error message.
    pub fn failed(mut self, name: &str, error: &str) -> Self {
        let (name, error) = (name.to_owned(), Some(error.to_owned()));
        self.results.push(TestResult { name, outcome: "Failed".to_owned(), error });
        self
    }
}
