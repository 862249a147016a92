//! A whole response of the service, and what its headers and body say.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::contract::ChangeInFlight;
use crate::devops::message::service_error::ServiceError;

/// A whole answer, decompressed and within its limit
pub(crate) struct ServiceResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The change that it may be the answer to, until it was read
    pub(crate) change: Option<ChangeInFlight>,
}

impl ServiceResponse {
    /// Takes note that it was read whole: what it answers was done
    pub(crate) fn mark_outcome_known(&mut self) {
        if let Some(change) = self.change.take() {
            change.known();
        }
    }

    /// What the service says about an error
    pub(crate) fn service_error(&self) -> ServiceError {
        ServiceError::read(&self.headers, &self.body)
    }

    /// Whether the service wrote it, and not something in front of it: its own answers carry an id
    pub(crate) fn is_from_service(&self) -> bool {
        self.activity_id().is_some() || self.headers.contains_key("x-tfs-processid")
    }

    /// The id under which the service's support finds the request
    ///
    /// It is kept where errors and audits are, so nothing but an id is taken for one.
    pub(crate) fn activity_id(&self) -> Option<String> {
        let header = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let id = header("activityid").or_else(|| header("x-vss-e2eid")).filter(|id| id.len() == 36)?;
        Uuid::parse_str(id).ok().map(|id| id.to_string())
    }

    /// The token of a list's next page
    pub(crate) fn continuation_token(&self) -> Option<&str> {
        let token = self.headers.get("x-ms-continuationtoken")?.to_str().ok()?;
        Some(token).filter(|token| !token.is_empty())
    }
}
