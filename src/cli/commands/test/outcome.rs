//! The outcome of a test.

use std::time::Duration;

/// The outcome of a test
pub(super) struct TestOutcome {
    /// The test file, relative to the folder
    pub(super) file: String,
    /// The name of the test
    pub(super) name: String,
    /// What was not as expected, each as a sentence; empty if the test passed
    pub(super) failures: Vec<String>,
    /// How long it took
    pub(super) time: Duration,
}

impl TestOutcome {
    /// Whether everything was as expected
    pub(super) fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}
