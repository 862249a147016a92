//! The version of the REST API that a request names: the newest one that the server supports.
//!
//! The hosted service supports the newest version of the list. An older Azure DevOps Server rejects it
//! before it does anything, and names the reason in its exception. The connection then sends the request
//! with the next lower version, and keeps that version for all later requests.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use reqwest::header::HeaderValue;

use crate::devops::message::service_error::ServiceError;

/// The supported versions, newest first: the hosted service and Server 2022.1, Server 2022, Server 2020
const SUPPORTED: [&str; 3] = ["7.1", "7.0", "6.0"];

/// The media type of nearly all responses
pub(crate) const JSON: &str = "application/json";

/// Whether a resource is released, or which revision of its preview is requested
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionStage {
    /// Released, at the latest in the newest version
    Released,
    /// Never released: this revision of its preview
    Preview(u8),
}

/// The version that one request names
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    index: usize,
    stage: VersionStage,
    /// Whether the resource was in preview when the server was released
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

impl Version {
    /// Returns the header that requests a media type in this version
    pub(crate) fn accept(self, media: &'static str) -> HeaderValue {
        // All connections share the headers that nearly all requests have.
        static JSON_HEADERS: [OnceLock<HeaderValue>; SUPPORTED.len()] =
            [const { OnceLock::new() }; SUPPORTED.len()];
        let header = || {
            HeaderValue::try_from(format!("{media};api-version={self}"))
                .expect("a media type and a version are ASCII")
        };
        if media == JSON && self.stage == VersionStage::Released && !self.previewed {
            return JSON_HEADERS[self.index].get_or_init(header).clone();
        }
        header()
    }
}

/// The versions that the server of one connection supports, as far as they are known
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// The index in [`SUPPORTED`] of the newest version that the server supports
    index: AtomicUsize,
    /// The resources that were in preview when the server was released
    previewed: Mutex<BTreeSet<String>>,
    /// Whether there are any, so that most requests need no key and no lock
    has_previewed: AtomicBool,
}

impl Versions {
    /// Returns the version for a request to a resource, whose key is made only if it is needed
    pub(crate) fn of(&self, resource: impl FnOnce() -> String, stage: VersionStage) -> Version {
        let previewed = self.has_previewed.load(Ordering::Acquire)
            && self.previewed.lock().unwrap_or_else(PoisonError::into_inner).contains(&resource());
        Version { index: self.index.load(Ordering::Relaxed), stage, previewed }
    }

    /// Adjusts the version after an error, and returns whether to send the request again
    ///
    /// It is never sent again with the same version, so this ends: after two lower versions and one preview.
    pub(crate) fn learn(&self, error: &ServiceError, requested: Version, resource: String) -> bool {
        if error.is("VssVersionOutOfRangeException") && requested.index + 1 < SUPPORTED.len() {
            self.index.fetch_max(requested.index + 1, Ordering::Relaxed);
            return true;
        }
        let released = requested.stage == VersionStage::Released && !requested.previewed;
        if error.is("VssInvalidPreviewVersionException") && released {
            self.previewed.lock().unwrap_or_else(PoisonError::into_inner).insert(resource);
            self.has_previewed.store(true, Ordering::Release);
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
    fn the_version_is_lowered_step_by_step_and_never_raised() {
        let versions = Versions::default();
        let too_high = error("VssVersionOutOfRangeException");
        let requested = versions.of(|| "GET git/1".to_owned(), VersionStage::Released);
        assert_eq!(requested.to_string(), "7.1");
        assert!(versions.learn(&too_high, requested, "GET git/1".to_owned()));
        // Another request in flight at the same time changes nothing.
        assert!(versions.learn(&too_high, requested, "GET git/1".to_owned()));
        let requested = versions.of(|| "GET git/1".to_owned(), VersionStage::Preview(2));
        assert_eq!(requested.to_string(), "7.0-preview.2");
        assert!(versions.learn(&too_high, requested, "GET git/1".to_owned()));
        let requested = versions.of(|| "GET git/1".to_owned(), VersionStage::Released);
        assert_eq!(requested.to_string(), "6.0");
        assert!(!versions.learn(&too_high, requested, "GET git/1".to_owned()), "there is no lower one");
    }

    #[test]
    fn a_resource_in_preview_is_requested_as_a_preview_and_no_other_is() {
        let versions = Versions::default();
        let preview = error("VssInvalidPreviewVersionException");
        let requested = versions.of(|| "POST pipelines/2".to_owned(), VersionStage::Released);
        assert!(versions.learn(&preview, requested, "POST pipelines/2".to_owned()));
        let requested = versions.of(|| "POST pipelines/2".to_owned(), VersionStage::Released);
        assert_eq!(requested.to_string(), "7.1-preview");
        assert!(!versions.learn(&preview, requested, "POST pipelines/2".to_owned()));
        assert_eq!(versions.of(|| "GET pipelines/2".to_owned(), VersionStage::Released).to_string(), "7.1");
        let own = versions.of(|| "GET x/1".to_owned(), VersionStage::Preview(1));
        assert!(!versions.learn(&preview, own, "GET x/1".to_owned()), "it is a preview already");
        assert!(!versions.learn(&error("BuildNotFoundException"), requested, "POST pipelines/2".to_owned()));
    }
}
