//! A request: its URL, its body, and the description, scope and permission that its errors name.

use std::borrow::Cow;
use std::sync::Arc;

use reqwest::Method;
use reqwest::Url;
use serde::Serialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Permission;
use crate::contract::Scope;
use crate::devops::message::api_version::JSON;
use crate::devops::message::api_version::VersionStage;
use crate::devops::message::pagination::Pagination;
use crate::devops::message::service_host::ServiceHost;
use crate::devops::message::url_encoding::add;
use crate::devops::message::url_encoding::encode;
use crate::devops::message::url_encoding::encode_path;

/// A request to the service
///
/// It goes to `<organization>/<project id>/_apis/<segments>` unless it is at organization level.
/// Each segment is encoded; an empty segment and one that leaves the path (`..`) are rejected.
pub struct Request<'a> {
    method: Method,
    path: Result<String, &'static str>,
    host: ServiceHost,
    organization_level: bool,
    asks: bool,
    for_start: bool,
    query: String,
    body: Option<Vec<u8>>,
    file: Option<Arc<Vec<u8>>>,
    stage: VersionStage,
    media: &'static str,
    sent_as: &'static str,
    pagination: Option<Pagination>,
    description: Option<Cow<'a, str>>,
    missing: Option<Cow<'a, str>>,
    scope: Option<Scope>,
    permission: Option<Permission>,
}

impl<'a> Request<'a> {
    /// Creates a request that reads
    pub fn get(segments: &[&str]) -> Self {
        Self::new(Method::GET, segments)
    }

    /// Creates a request that creates or starts something
    pub fn post(segments: &[&str]) -> Self {
        Self::new(Method::POST, segments)
    }

    /// Creates a request that replaces something
    pub fn put(segments: &[&str]) -> Self {
        Self::new(Method::PUT, segments)
    }

    /// Creates a request that changes a part of something
    pub fn patch(segments: &[&str]) -> Self {
        Self::new(Method::PATCH, segments)
    }

    /// Creates a request that deletes something
    pub fn delete(segments: &[&str]) -> Self {
        Self::new(Method::DELETE, segments)
    }

    fn new(method: Method, segments: &[&str]) -> Self {
        Request {
            method,
            path: encode_path(segments),
            host: ServiceHost::Organization,
            organization_level: false,
            asks: false,
            for_start: false,
            query: String::new(),
            body: None,
            file: None,
            stage: VersionStage::Released,
            media: JSON,
            sent_as: "application/json; charset=utf-8",
            pagination: None,
            description: None,
            missing: None,
            scope: None,
            permission: None,
        }
    }

    /// Sends the request to the organization instead of the project
    #[must_use]
    pub fn organization_level(mut self) -> Self {
        self.organization_level = true;
        self
    }

    /// Marks a request that changes nothing although its method may: it may be retried
    #[must_use]
    pub fn asks(mut self) -> Self {
        self.asks = true;
        self
    }

    /// Sends the request to release management, which has its own host in the hosted service
    ///
    /// The organization, the token and the HTTP client are the same.
    #[must_use]
    pub fn release(mut self) -> Self {
        self.host = ServiceHost::Release;
        self
    }

    /// Sends the request to the identities of the organization, which have their own host in the hosted service
    #[must_use]
    pub fn identities(mut self) -> Self {
        self.host = ServiceHost::Identities;
        self
    }

    /// Adds a query parameter; the value is encoded
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        add(&mut self.query, name, value);
        self
    }

    /// Sets the JSON body
    ///
    /// Errors: `internal` if the value has no JSON form.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(body).map_err(|_| {
            Error::new(ErrorCode::Internal, format!("The body of {} cannot be written as JSON", self.label()))
        })?;
        self.body = Some(bytes);
        Ok(self)
    }

    /// Sets a file as the body; its upload has no total time limit, only a minimum throughput
    #[must_use]
    pub fn file(mut self, content: Vec<u8>) -> Self {
        self.file = Some(Arc::new(content));
        self.sent_as("application/octet-stream")
    }

    /// Sets the content type of the body, if it is not plain JSON
    #[must_use]
    pub fn sent_as(mut self, media: &'static str) -> Self {
        self.sent_as = media;
        self
    }

    /// Expects a list, with the size limit of a list and pages of any length
    #[must_use]
    pub fn list(self) -> Self {
        self.with_pagination(Pagination::Token(None))
    }

    /// Expects a list in pages of at most `most` entries: `$top`, and a continuation token
    #[must_use]
    pub fn list_by(self, most: usize) -> Self {
        self.with_pagination(Pagination::Token(Some(most)))
    }

    /// Expects a list in pages of at most `most` entries: `$top` and `$skip`
    #[must_use]
    pub fn list_by_count(self, most: usize) -> Self {
        self.with_pagination(Pagination::Count { top: "$top", skip: "$skip", most })
    }

    /// Expects a list in pages of at most `most` entries: `searchCriteria.$top` and `searchCriteria.$skip`
    #[must_use]
    pub fn list_by_criteria(self, most: usize) -> Self {
        self.with_pagination(Pagination::Count {
            top: "searchCriteria.$top",
            skip: "searchCriteria.$skip",
            most,
        })
    }

    fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// Requests this revision of a resource that was never released: `7.1-preview.1`
    #[must_use]
    pub fn preview(mut self, revision: u8) -> Self {
        self.stage = VersionStage::Preview(revision);
        self
    }

    /// Sets the description for messages: `create the repository "site" in project "Fabrikam"`
    #[must_use]
    pub fn named(mut self, description: impl Into<Cow<'a, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the token scope that the request requires, for the error of a token that lacks it
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Sets the permission that the request requires, for the error of a user who lacks it
    #[must_use]
    pub fn permission(mut self, permission: Permission) -> Self {
        self.permission = Some(permission);
        self
    }

    /// Sets the scope and the first permission of an action's needs
    #[must_use]
    pub fn needs(mut self, needs: &Needs) -> Self {
        self.scope = needs.scope;
        self.permission = needs.permissions.first().copied();
        self
    }

    /// Sets the resource that the error of a 404 response names: `the repository "site"`
    #[must_use]
    pub fn missing(mut self, thing: impl Into<Cow<'a, str>>) -> Self {
        self.missing = Some(thing.into());
        self
    }

    /// Requests the text of a file instead of JSON
    pub(crate) fn for_text(mut self) -> Self {
        self.media = "text/plain";
        self
    }

    /// Requests a file instead of JSON, of which the beginning is enough if it is large
    pub(crate) fn for_start(mut self) -> Self {
        self.media = "application/octet-stream";
        self.for_start = true;
        self
    }

    pub(crate) fn is_for_start(&self) -> bool {
        self.for_start
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Whether the request changes nothing, so that it may be sent again
    pub(crate) fn is_safe(&self) -> bool {
        self.asks || self.method.is_safe()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.pagination.is_some()
    }

    /// Returns how its list is divided into pages
    pub(crate) fn pagination(&self) -> Pagination {
        self.pagination.unwrap_or(Pagination::Token(None))
    }

    pub(crate) fn permission_needed(&self) -> Option<Permission> {
        self.permission
    }

    pub(crate) fn scope_needed(&self) -> Option<Scope> {
        self.scope
    }

    pub(crate) fn missing_resource(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    pub(crate) fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    pub(crate) fn file_content(&self) -> Option<&Arc<Vec<u8>>> {
        self.file.as_ref()
    }

    pub(crate) fn content_type(&self) -> &'static str {
        self.sent_as
    }

    pub(crate) fn stage(&self) -> VersionStage {
        self.stage
    }

    /// Returns the media type of the expected response
    pub(crate) fn media(&self) -> &'static str {
        self.media
    }

    /// Returns the key of the resource whose version is negotiated: method, area, and depth of the path
    pub(crate) fn resource(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        let area = path.split('/').next().unwrap_or_default();
        format!("{} {area}/{}", self.method, path.split('/').count())
    }

    /// Returns the request for logs and support: `GET git/repositories`
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method, self.path.as_deref().unwrap_or("?"))
    }

    /// Returns the description of the change that it makes, or the label
    pub(crate) fn change(&self) -> String {
        self.description.as_deref().map_or_else(|| self.label(), str::to_owned)
    }

    /// Returns the description that completes "could not"
    pub(crate) fn description(&self) -> Cow<'_, str> {
        match &self.description {
            Some(description) => Cow::Borrowed(description),
            None => Cow::Owned(format!("get a response to {}", self.label())),
        }
    }

    /// Returns the URL, with the parameters of one page of a list
    ///
    /// Errors: `input.invalid` for an invalid segment; `internal` if the parsed URL differs from the one
    /// that was built.
    pub(crate) fn url(&self, base: &Url, project: &str, page: &[(&str, &str)]) -> Result<Url, Error> {
        let path = self.path.as_ref().map_err(|reason| {
            Error::new(ErrorCode::InputInvalid, format!("Could not {}: {reason}", self.description()))
        })?;
        let mut whole = base.path().trim_end_matches('/').to_owned();
        if !self.organization_level {
            whole.push('/');
            encode(project, &mut whole);
        }
        whole.push_str("/_apis/");
        whole.push_str(path);
        let mut query = self.query.clone();
        for (name, value) in page {
            add(&mut query, name, value);
        }
        let mut url = self.host.base(base);
        url.set_path(&whole);
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        // A parser removes `..` and its parent: the request would go to another resource.
        if url.path() != whole || whole.contains("//") {
            return Err(Error::new(ErrorCode::Internal, format!("The URL of {} is not valid", self.label())));
        }
        Ok(url)
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
