//! A whole response of the service, and what its headers and body say.

use hyper::body::Bytes;
use reqwest::StatusCode;
use reqwest::Url;
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::contract::ChangeInFlight;
use crate::contract::ServiceKind;
use crate::devops::message::service_error::ServiceError;
use crate::devops::message::web_page;

/// The headers that only Azure DevOps and its own front end send, beside those of [`PREFIXES`]
const OWN_HEADERS: [&str; 3] = ["activityid", "x-msedge-ref", "x-azure-ref"];

/// The beginnings of the names of headers that only Azure DevOps sends
const PREFIXES: [&str; 2] = ["x-tfs-", "x-vss-"];

/// What a request was sent to
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    /// The URL of the request
    pub(crate) url: Url,
    /// What it is: the hosted service or an Azure DevOps Server
    pub(crate) service: ServiceKind,
}

impl Destination {
    /// Whether it is an Azure DevOps Server rather than the hosted service
    pub(crate) fn is_server(&self) -> bool {
        self.service == ServiceKind::Server
    }

    /// Returns host and port, for messages
    pub(crate) fn host(&self) -> &str {
        self.url.authority()
    }
}

/// A complete response, decompressed and within its size limit
pub(crate) struct ServiceResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What the request was sent to
    pub(crate) from: Destination,
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
    ///
    /// Azure DevOps also writes it as the title of a web page. The title of any other page says nothing about the
    /// request, unless it begins with a code of the service.
    pub(crate) fn service_error(&self) -> ServiceError {
        let error = ServiceError::read(&self.headers, &self.body);
        if error.message.is_some() || self.status.as_u16() < 400 || !self.is_web_page() {
            return error;
        }
        match web_page::title(&self.body).map(ServiceError::of_message) {
            Some(page) if page.code.is_some() || self.has_service_header() => page,
            _ => error,
        }
    }

    /// Whether it is a web page
    pub(crate) fn is_web_page(&self) -> bool {
        web_page::is_web_page(&self.headers, &self.body)
    }

    /// Whether it has a header that only Azure DevOps sends
    pub(crate) fn has_service_header(&self) -> bool {
        self.headers.keys().any(|name| {
            let name = name.as_str();
            OWN_HEADERS.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
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

    /// Returns a response of the hosted service, for tests
    #[cfg(any(test, fuzzing))]
    pub(crate) fn of_test(status: u16, headers: HeaderMap, body: &[u8]) -> Self {
        ServiceResponse {
            status: StatusCode::from_u16(status).expect("a status"),
            headers,
            body: Bytes::copy_from_slice(body),
            from: Destination {
                url: Url::parse("https://dev.azure.com/fabrikam/_apis/x").expect("a URL"),
                service: ServiceKind::Hosted,
            },
            change: None,
        }
    }
}
