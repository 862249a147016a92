//! Which version of the REST API is asked for: the newest a server speaks, learned from its refusals.
//!
//! The hosted service speaks the first version there is here. An older Azure DevOps Server refuses it
//! before it does anything, and says so by the name of its exception. The connection then asks one
//! version lower, and from the first with that from then on.

use std::collections::HashSet;
use std::fmt;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crate::devops::message::service_error::ServiceError;

/// Newest first: the hosted service and Server 2022.1, Server 2022, Server 2020
const SUPPORTED: [&str; 3] = ["7.1", "7.0", "6.0"];

/// Whether a resource is released, or which form of its preview is asked for
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionStage {
    /// Released, at the latest in the newest version
    Released,
    /// Never released: this form of it
    Preview(u8),
}

/// A version as one request asks for it
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    index: usize,
    stage: VersionStage,
    /// A released resource that was in preview when the server was made
    previewed: bool,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SUPPORTED[self.index])?;
        match self.stage {
            VersionStage::Preview(form) => write!(f, "-preview.{form}"),
            VersionStage::Released if self.previewed => f.write_str("-preview"),
            VersionStage::Released => Ok(()),
        }
    }
}

/// What one connection has learned about the server it talks to
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// Where in [`SPOKEN`] the server's newest is
    index: AtomicUsize,
    /// The resources that were in preview when the server was made
    previewed: Mutex<HashSet<String>>,
}

impl Versions {
    /// What to ask for a resource in
    pub(crate) fn of(&self, resource: &str, stage: VersionStage) -> Version {
        let previewed = self.previewed.lock().unwrap_or_else(PoisonError::into_inner).contains(resource);
        Version { index: self.index.load(Ordering::Relaxed), stage, previewed }
    }

    /// Learns from a refusal of what was asked in; whether the request is to be asked again now
    ///
    /// It never is in the same version, so there is an end: two steps down, one to the preview.
    pub(crate) fn learn(&self, error: &ServiceError, requested: Version, resource: &str) -> bool {
        if error.is("VssVersionOutOfRangeException") && requested.index + 1 < SUPPORTED.len() {
            self.index.fetch_max(requested.index + 1, Ordering::Relaxed);
            return true;
        }
        let released = requested.stage == VersionStage::Released && !requested.previewed;
        if error.is("VssInvalidPreviewVersionException") && released {
            self.previewed.lock().unwrap_or_else(PoisonError::into_inner).insert(resource.to_owned());
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(type_key: &str) -> ServiceError {
        ServiceError { type_key: Some(type_key.to_owned()), ..ServiceError::default() }
    }

    #[test]
    fn a_version_is_learned_step_by_step_and_for_good() {
        let versions = Versions::default();
        let too_high = error("VssVersionOutOfRangeException");
        let requested = versions.of("GET git/1", VersionStage::Released);
        assert_eq!(requested.to_string(), "7.1");
        assert!(versions.learn(&too_high, requested, "GET git/1"));
        // Another request that was under way meanwhile teaches nothing new.
        assert!(versions.learn(&too_high, requested, "GET git/1"));
        let requested = versions.of("GET git/1", VersionStage::Preview(2));
        assert_eq!(requested.to_string(), "7.0-preview.2");
        assert!(versions.learn(&too_high, requested, "GET git/1"));
        let requested = versions.of("GET git/1", VersionStage::Released);
        assert_eq!(requested.to_string(), "6.0");
        assert!(!versions.learn(&too_high, requested, "GET git/1"), "there is no lower one");
    }

    #[test]
    fn what_was_in_preview_is_asked_as_such_and_only_that() {
        let versions = Versions::default();
        let preview = error("VssInvalidPreviewVersionException");
        let requested = versions.of("POST pipelines/2", VersionStage::Released);
        assert!(versions.learn(&preview, requested, "POST pipelines/2"));
        let requested = versions.of("POST pipelines/2", VersionStage::Released);
        assert_eq!(requested.to_string(), "7.1-preview");
        assert!(!versions.learn(&preview, requested, "POST pipelines/2"));
        assert_eq!(versions.of("GET pipelines/2", VersionStage::Released).to_string(), "7.1");
        let own = versions.of("GET x/1", VersionStage::Preview(1));
        assert!(!versions.learn(&preview, own, "GET x/1"), "it is a preview already");
        assert!(!versions.learn(&error("BuildNotFoundException"), requested, "POST pipelines/2"));
    }
}
