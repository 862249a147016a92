//! How an action that takes long tells its caller where it is.

/// Receives what an action reports while it works
pub trait Progress: Send + Sync {
    /// One report, in words for a person: `pipeline run 12 is in progress, 40 s`
    fn report(&self, message: &str);
}

/// A caller that does not want to know
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _message: &str) {}
}
