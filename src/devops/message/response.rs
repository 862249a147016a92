//! A whole response of the service, and what its headers and body say.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::contract::ChangeInFlight;
use crate::devops::message::service_error::ServiceError;

/// A complete response, decompressed and within its size limit
pub(crate) struct ServiceResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The change that it may confirm, until its body is read
    pub(crate) change: Option<ChangeInFlight>,
}

impl ServiceResponse {
    /// Records that the body was read: the change was made
    pub(crate) fn mark_outcome_known(&mut self) {
        if let Some(change) = self.change.take() {
            change.known();
        }
    }

    /// Returns the error that the service describes
    pub(crate) fn service_error(&self) -> ServiceError {
        ServiceError::read(&self.headers, &self.body)
    }

    /// Whether the service sent it, and not a proxy or a web server: responses of the service carry an id
    pub(crate) fn is_from_service(&self) -> bool {
        self.activity_id().is_some() || self.headers.contains_key("x-tfs-processid")
    }

    /// Returns the id under which the support of the service finds the request
    ///
    /// Errors and audit records contain it, so only a well-formed id is accepted.
    pub(crate) fn activity_id(&self) -> Option<String> {
        let header = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let id = header("activityid").or_else(|| header("x-vss-e2eid")).filter(|id| id.len() == 36)?;
        Uuid::parse_str(id).ok().map(|id| id.to_string())
    }

    /// Returns the continuation token of the next page of a list
    pub(crate) fn continuation_token(&self) -> Option<&str> {
        let token = self.headers.get("x-ms-continuationtoken")?.to_str().ok()?;
        Some(token).filter(|token| !token.is_empty())
    }
}
