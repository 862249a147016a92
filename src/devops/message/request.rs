//! One request as an action writes it: where, with what, and the words and needs its errors name.

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
use crate::devops::message::api_version::Version;
use crate::devops::message::api_version::VersionStage;
use crate::devops::message::pagination::Pagination;
use crate::devops::message::service_host::ServiceHost;
use crate::devops::message::url_encoding::add;
use crate::devops::message::url_encoding::encode;
use crate::devops::message::url_encoding::encode_path;

/// A request to the service
///
/// It goes to `<organization>/<project id>/_apis/<segments>` unless it is at organization level.
/// Segments are encoded one by one, and one that could climb (`..`) or vanish is refused.
pub struct Request<'a> {
    method: Method,
    path: Result<String, &'static str>,
    host: ServiceHost,
    organization_level: bool,
    asks: bool,
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
    /// A request that reads
    pub fn get(segments: &[&str]) -> Self {
        Self::new(Method::GET, segments)
    }

    /// A request that creates or starts something
    pub fn post(segments: &[&str]) -> Self {
        Self::new(Method::POST, segments)
    }

    /// A request that puts something in a place
    pub fn put(segments: &[&str]) -> Self {
        Self::new(Method::PUT, segments)
    }

    /// A request that changes a part
    pub fn patch(segments: &[&str]) -> Self {
        Self::new(Method::PATCH, segments)
    }

    /// A request that removes something
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
            query: String::new(),
            body: None,
            file: None,
            stage: VersionStage::Released,
            media: "application/json",
            sent_as: "application/json; charset=utf-8",
            pagination: None,
            description: None,
            missing: None,
            scope: None,
            permission: None,
        }
    }

    /// Asks the organization instead of the project
    #[must_use]
    pub fn organization_level(mut self) -> Self {
        self.organization_level = true;
        self
    }

    /// Says that it only asks something, although its method could change things: it may be repeated
    #[must_use]
    pub fn asks(mut self) -> Self {
        self.asks = true;
        self
    }

    /// Asks release management, which the hosted service has on a host of its own
    ///
    /// The token, the client and its trust are the same, and so is the organization.
    #[must_use]
    pub fn release(mut self) -> Self {
        self.host = ServiceHost::Release;
        self
    }

    /// Adds one parameter to the query; the value is encoded, the name is the service's own
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        add(&mut self.query, name, value);
        self
    }

    /// Sends this as the JSON body
    ///
    /// Errors: `internal` if the value has no JSON form, which no request type of this package lacks.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(body).map_err(|_| {
            Error::new(ErrorCode::Internal, format!("The body of {} cannot be written as JSON", self.label()))
        })?;
        self.body = Some(bytes);
        Ok(self)
    }

    /// Sends a file, which has as long as it takes as long as it gets on
    #[must_use]
    pub fn file(mut self, content: Vec<u8>) -> Self {
        self.file = Some(Arc::new(content));
        self.sent_as("application/octet-stream")
    }

    /// Says what the body is, where it is something else than plain JSON
    #[must_use]
    pub fn sent_as(mut self, media: &'static str) -> Self {
        self.sent_as = media;
        self
    }

    /// Expects a list, which may be larger than one object, in pages as long as the service likes
    #[must_use]
    pub fn list(self) -> Self {
        self.with_pagination(Pagination::Token(None))
    }

    /// Expects a list in pages of at most so many entries: `$top`, and a header that says where it goes on
    #[must_use]
    pub fn list_by(self, most: usize) -> Self {
        self.with_pagination(Pagination::Token(Some(most)))
    }

    /// Expects a list whose pages are counted: `$top` and `$skip`, at most so many entries each
    #[must_use]
    pub fn list_by_count(self, most: usize) -> Self {
        self.with_pagination(Pagination::Count { top: "$top", skip: "$skip", most })
    }

    /// The same, in the words of a search: `searchCriteria.$top`
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

    /// Asks for this form of a resource that was never released: `7.1-preview.1`
    #[must_use]
    pub fn preview(mut self, form: u8) -> Self {
        self.stage = VersionStage::Preview(form);
        self
    }

    /// The request in the words of messages: `create the repository "site" in project "Fabrikam"`
    #[must_use]
    pub fn named(mut self, description: impl Into<Cow<'a, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The least token scope, named when the token lacks it
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The permission, named with its place when the user lacks it
    #[must_use]
    pub fn permission(mut self, permission: Permission) -> Self {
        self.permission = Some(permission);
        self
    }

    /// What the action needs: its least token scope, and the first of its permissions
    #[must_use]
    pub fn needs(mut self, needs: &Needs) -> Self {
        self.scope = needs.scope;
        self.permission = needs.permissions.first().copied();
        self
    }

    /// What is not there when the service answers 404: `the repository "site"`
    #[must_use]
    pub fn missing(mut self, thing: impl Into<Cow<'a, str>>) -> Self {
        self.missing = Some(thing.into());
        self
    }

    /// Asks for a file's own text instead of JSON
    pub(crate) fn for_text(mut self) -> Self {
        self.media = "text/plain";
        self
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Whether sending it twice does no more than sending it once
    pub(crate) fn is_safe(&self) -> bool {
        self.asks || self.method.is_safe()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.pagination.is_some()
    }

    /// How its list is cut; what never was called one is read as the service gives it
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

    pub(crate) fn accept(&self, version: Version) -> String {
        format!("{};api-version={version}", self.media)
    }

    /// What a server knows a version of: the method, the area, and how deep below it the path goes
    pub(crate) fn resource(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        let area = path.split('/').next().unwrap_or_default();
        format!("{} {area}/{}", self.method, path.split('/').count())
    }

    /// The request for logs and support: `GET git/repositories`
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method, self.path.as_deref().unwrap_or("?"))
    }

    /// The change as a call's books name it: the words given, which name the thing, or the label
    pub(crate) fn change(&self) -> String {
        self.description.as_deref().map_or_else(|| self.label(), str::to_owned)
    }

    /// What was to be done, after "could not": the words given, or the label
    pub(crate) fn description(&self) -> Cow<'_, str> {
        match &self.description {
            Some(description) => Cow::Borrowed(description),
            None => Cow::Owned(format!("get an answer to {}", self.label())),
        }
    }

    /// The address, with the parameters that ask for one page of a list
    ///
    /// Errors: `input.invalid` for a segment that cannot be one; `internal` if the parsed address is
    /// not the one that was built, since then something else would be asked than was meant.
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
        // A parser takes `..` and its parent away: then something else would be asked than was meant.
        if url.path() != whole || whole.contains("//") {
            return Err(Error::new(
                ErrorCode::Internal,
                format!("The address of {} is not one", self.label()),
            ));
        }
        Ok(url)
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
