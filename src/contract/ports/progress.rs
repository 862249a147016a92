//! Progress reports of long actions.

/// Receives the progress reports of an action
pub trait Progress: Send + Sync {
    /// Receives one report, as text for a person: `pipeline run 12 is in progress, 40 s`
    fn report(&self, message: &str);
}

/// Ignores all reports
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _message: &str) {}
}
