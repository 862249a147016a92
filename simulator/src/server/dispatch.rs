//! Dispatches a request: organization, authentication, rate limit, route, scopes, version, handler.

use std::cell::Cell;

use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::http::header::ALLOW;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde_json::json;

use super::rate_limit;
use crate::areas;
use crate::areas::Lookup;
use crate::areas::archive;
use crate::auth::Grant;
use crate::auth::Rejection;
use crate::http::ApiVersions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Response;
use crate::http::Target;
use crate::http::call::query_pairs;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::http::version;
use crate::route::Route;
use crate::server::authentication::Access;
use crate::server::authentication::RejectionContext;
use crate::server::authentication::SIGN_IN_PATH;
use crate::server::authentication::authenticate;
use crate::server::authentication::sign_in_page;
use crate::server::git::GitJob;
use crate::server::git::GitTarget;
use crate::state::Organization;
use crate::state::State;
use crate::world::Condition;
use crate::world::Server;
use crate::world::UnknownOrganization;

/// The statuses of the responses to a rejected token. Handlers use none of them.
const REJECTIONS: [StatusCode; 3] =
    [StatusCode::UNAUTHORIZED, StatusCode::FOUND, StatusCode::NON_AUTHORITATIVE_INFORMATION];

/// A response, with what its headers say about the user.
pub(crate) struct ServedResponse {
    pub(crate) response: Response,
    /// The route of the request, if it has one and was accepted so far.
    pub(crate) route: Option<&'static Route>,
    /// The name of the token, for the journal.
    pub(crate) token: Option<String>,
    /// `{id}:{email}` of the user.
    pub(crate) user_data: Option<String>,
    /// The API version for the `Content-Type`.
    pub(crate) version: String,
    /// A request of git, which is still to be run; its response replaces this one.
    pub(crate) git: Option<GitJob>,
}

impl From<Response> for ServedResponse {
    fn from(response: Response) -> ServedResponse {
        ServedResponse {
            response,
            route: None,
            token: None,
            user_data: None,
            version: String::new(),
            git: None,
        }
    }
}

/// Returns the response to a request. `origin` is `http://127.0.0.1:PORT`, with the prefix of a server.
pub(crate) fn dispatch(origin: &str, state: &mut State, parts: &Parts, body: &[u8]) -> ServedResponse {
    let versions = ApiVersions(state.settings.server);
    let prefix = versions.0.map_or("", |_| Server::PREFIX);
    let Some(path) = below(parts.uri.path(), prefix) else {
        return unknown_organization(state.settings.switches.unknown_organization).into();
    };
    if path == SIGN_IN_PATH {
        return sign_in_page().into();
    }
    if let Some(signed) = path.strip_prefix(archive::PATH) {
        return archive::fetch(state, signed).into();
    }
    let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let Some(position) = state.position(&name) else {
        return unknown_organization(state.settings.switches.unknown_organization).into();
    };
    if state.organizations[position].condition == Condition::Deactivated {
        return refusals::organization_deactivated(&state.organizations[position].name).into();
    }
    if state.organizations[position].condition == Condition::IisBasicAuthentication {
        return refusals::not_a_windows_password().into();
    }
    let suppress = parts.headers.get("x-tfs-fedauthredirect");
    let redirects_suppressed =
        suppress.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"suppress"));
    let git_target = GitTarget::of(path);
    let context = RejectionContext { origin, redirects_suppressed, is_git: git_target.is_some() };
    let Access { token, user, grant } = authenticate(state, position, &parts.headers, &context);
    let limit = state.organizations[position].rate_limit;
    let allowance = limit.zip(user).map(|(limit, user)| state.allowances.take(limit, (position, user)));

    let organization = &mut state.organizations[position];
    let query = query_pairs(parts.uri.query().unwrap_or_default());
    let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type =
        parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let version = version::requested(&query, accept);
    let user_data = user.map(|user| {
        let user = &organization.users[user];
        format!("{}:{}", user.id, user.email)
    });
    let requested_version = version.as_deref();
    let request = Request {
        path,
        parts,
        query: &query,
        accept,
        content_type,
        version: requested_version,
        body,
        user,
        route: Cell::new(None),
    };
    let mut git = None;
    let response = match (&allowance, &git_target) {
        (Some(allowance), _) if allowance.is_over() => Err(refusals::rate_limited()),
        (_, Some(target)) => grant.and_then(|grant| {
            let rejected = || context.reject(Rejection::Empty);
            let user = user.ok_or_else(rejected)?;
            let job = target.job(organization, (position, user, &grant), (parts.method.as_str(), &query));
            git = Some(job.map_err(|refusal| refusal.unwrap_or_else(rejected))?);
            Ok(Response::new(StatusCode::OK, Content::None, ""))
        }),
        _ => grant.and_then(|grant| request.routed(organization, &grant, &context)),
    };
    let response = response.unwrap_or_else(|refusal| refusal);
    let response = match &allowance {
        Some(allowance) => rate_limit::add_headers(allowance, response),
        None => response,
    };
    ServedResponse {
        // A token without the scope gets the same response as an unknown one, including the headers.
        user_data: user_data.filter(|_| !REJECTIONS.contains(&response.status)),
        response,
        route: request.route.get(),
        token,
        git,
        version: version.unwrap_or_else(|| versions.latest().to_owned()),
    }
}

/// A request with an accepted token.
struct Request<'a> {
    /// From the organization on.
    path: &'a str,
    parts: &'a Parts,
    query: &'a [(String, String)],
    accept: &'a str,
    content_type: &'a str,
    version: Option<&'a str>,
    body: &'a [u8],
    user: Option<usize>,
    /// The route, when it is found.
    route: Cell<Option<&'static Route>>,
}

impl Request<'_> {
    fn routed(
        &self,
        organization: &mut Organization,
        grant: &Grant,
        context: &RejectionContext<'_>,
    ) -> Result<Response, Response> {
        let path = self.path;
        let method = self.parts.method.as_str();
        let versions = ApiVersions(organization.settings.server);
        let target = Target::of(path).ok_or_else(|| not_imitated(path))?;
        // `OPTIONS` needs no version.
        if method == "OPTIONS" {
            return Ok(areas::locations(&target, versions));
        }
        let (route, captured) = match areas::find(method, &target) {
            Lookup::Found(route, captured) => {
                self.route.set(Some(route));
                (route, captured)
            }
            Lookup::OtherMethods(methods) => return Err(wrong_method(method, &methods)),
            Lookup::Nothing => return Err(not_imitated(path)),
        };
        if self.user.is_none() && !route.anonymous {
            return Err(refusals::not_for_anonymous());
        }
        if !route.scopes.met_by(grant, &organization.settings.switches) {
            return Err(context.reject(organization.rejects));
        }
        version::check(versions, self.version, method, route.released)?;
        let call = Call {
            target: &target,
            captured,
            query: self.query,
            accept: self.accept,
            content_type: self.content_type,
            body: self.body,
            user: self.user,
            permissions: route.permissions,
            base: format!("{}/{}", context.origin, organization.name),
        };
        (route.handler)(organization, &call)
    }
}

/// Returns the path below a server's prefix, which ends where a segment ends.
fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let head = path.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix))?;
    path.strip_prefix(head).filter(|rest| rest.starts_with('/'))
}

fn unknown_organization(form: UnknownOrganization) -> Response {
    let message = "The resource cannot be found.";
    match form {
        UnknownOrganization::PlainText => Response::new(StatusCode::NOT_FOUND, Content::Text, message),
        UnknownOrganization::Html => {
            let page = format!("<!DOCTYPE html>\n<html><head><title>{message}</title></head></html>\n");
            Response::new(StatusCode::NOT_FOUND, Content::Html, page)
        }
    }
}

/// 404 in the service's form. For the reader, the text continues with the list of imitated requests.
fn not_imitated(path: &str) -> Response {
    let message =
        format!("The controller for path '{path}' was not found or does not implement IController.");
    let all: Vec<String> = areas::all().map(Route::describe).collect();
    let body = format!("{message}\nThis is a simulator. It imitates:\n{}\n", all.join("\n"));
    Response::new(StatusCode::NOT_FOUND, Content::Text, body)
        .with(axum::http::HeaderName::from_static("x-tfs-serviceerror"), &percent_encoded(&message))
}

fn wrong_method(method: &str, allowed: &[&str]) -> Response {
    let message = format!("The requested resource does not support http method '{method}'.");
    let body = json!({ "count": 1, "value": { "Message": message } }).to_string();
    Response::new(StatusCode::METHOD_NOT_ALLOWED, Content::FailureJson, body).with(ALLOW, &allowed.join(", "))
}
