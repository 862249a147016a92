//! Authentication: the user of a request, and the responses to a token that is not accepted.

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::header::LOCATION;
use axum::http::header::WWW_AUTHENTICATE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use crate::auth::Grant;
use crate::auth::MagicToken;
use crate::auth::Rejection;
use crate::http::Content;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::state::State;
use crate::world::Condition;

/// The path of the sign-in page, and its content.
pub(crate) const SIGN_IN_PATH: &str = "/_signin";
const SIGN_IN_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>Azure DevOps Services | Sign In</title>\
                            </head>\n<body><h1>Sign in to your account</h1></body>\n</html>\n";

/// The result of authentication.
pub(crate) struct Access {
    /// The name of the token if the simulator knows it, valid or not.
    pub(crate) token: Option<String>,
    /// Position of the user. `None` if there is none, or for the anonymous identity.
    pub(crate) user: Option<usize>,
    /// The requests that the token allows, or the response that ends this one.
    pub(crate) grant: Result<Grant, Response>,
}

/// What the response to a rejected token depends on.
pub(crate) struct RejectionContext<'a> {
    /// `http://127.0.0.1:PORT`, with the prefix of a server
    pub(crate) origin: &'a str,
    /// Whether the request has `X-TFS-FedAuthRedirect: Suppress`.
    pub(crate) redirects_suppressed: bool,
    /// Whether the request is one of git, which follows no redirect to a page.
    pub(crate) is_git: bool,
}

/// The realm of the service's challenge to git, which is that of its own host.
const GIT_REALM: &str = "https://tfsprodeus1.visualstudio.com/";

impl RejectionContext<'_> {
    /// The response to a token that is not accepted. The anonymous identity is accepted before this.
    pub(crate) fn reject(&self, how: Rejection) -> Response {
        match how {
            Rejection::Redirect | Rejection::SignInPage | Rejection::Empty | Rejection::Anonymous
                if self.is_git =>
            {
                self.challenged(Response::new(StatusCode::UNAUTHORIZED, Content::None, ""))
            }
            Rejection::Redirect => self.redirect(),
            Rejection::Empty | Rejection::Anonymous if !self.redirects_suppressed => self.redirect(),
            Rejection::Empty | Rejection::Anonymous => {
                self.challenged(Response::new(StatusCode::UNAUTHORIZED, Content::None, ""))
            }
            Rejection::Json => self.challenged(refusals::unauthorized_json()),
            Rejection::SignInPage => sign_in_page(),
            Rejection::ExpiredHeader => self.challenged(refusals::expired_in_header()),
            Rejection::ExpiredJson => self.challenged(refusals::expired_json(StatusCode::UNAUTHORIZED)),
            Rejection::ExpiredPage => self.challenged(refusals::expired_page()),
            Rejection::ExpiredForbidden => refusals::expired_json(StatusCode::FORBIDDEN),
            Rejection::GlobalTokenPolicy => self.challenged(refusals::global_token_policy()),
            Rejection::NotAMember => self.challenged(refusals::not_a_member(&Uuid::new_v4().to_string())),
        }
    }

    /// Adds the challenge of the service.
    fn challenged(&self, response: Response) -> Response {
        if self.is_git {
            return response
                .with(WWW_AUTHENTICATE, &format!("Basic realm=\"{GIT_REALM}\""))
                .with(WWW_AUTHENTICATE, "TFS-Federated");
        }
        response.with(WWW_AUTHENTICATE, &format!("Basic realm=\"{}/\"", self.origin))
    }

    fn redirect(&self) -> Response {
        let origin = self.origin;
        let target =
            format!("{origin}{SIGN_IN_PATH}?realm=dev.azure.com&reply_to={}", percent_encoded(origin));
        let body = "<html><head><title>Object moved</title></head><body><h2>Object moved.</h2></body></html>";
        Response::new(StatusCode::FOUND, Content::Html, body).with(LOCATION, &target)
    }
}

/// 203, as the service responds after a redirect to the sign-in page.
pub(crate) fn sign_in_page() -> Response {
    Response::new(StatusCode::NON_AUTHORITATIVE_INFORMATION, Content::Html, SIGN_IN_PAGE)
}

/// Authenticates a request to the organization at this position.
pub(crate) fn authenticate(
    state: &State,
    position: usize,
    headers: &HeaderMap,
    context: &RejectionContext<'_>,
) -> Access {
    let organization = &state.organizations[position];
    let switches = &organization.settings.switches;
    let presented = presented(headers);
    let (text, bearer) = presented.map_or((None, false), |(text, bearer)| (Some(text), bearer));
    let special = text.as_deref().and_then(MagicToken::of);
    let token = text.as_deref().and_then(|text| state.tokens.find(text));
    let name = match &special {
        Some(_) => text.clone(),
        None => token.map(|token| token.name.clone()),
    };
    let known = match special {
        Some(MagicToken::Rejected(how)) => Err(how),
        Some(MagicToken::ConditionalAccess(form)) => {
            return Access { token: name, user: Some(0), grant: Err(refusals::conditional_access(form)) };
        }
        Some(MagicToken::Scopes(grant)) => Ok((0, grant)),
        None => match token.filter(|token| token.organization == position && token.entra == bearer) {
            Some(token) if token.is_good() => Ok((token.user, token.grant.clone())),
            Some(token) if token.is_expired() && switches.expired_token != Rejection::Empty => {
                Err(switches.expired_token)
            }
            _ => Err(organization.rejects),
        },
    };
    if let (Ok((user, _)), Some(refusal)) = (&known, &organization.refuses) {
        return Access { token: name, user: Some(*user), grant: Err(refusals::stated(refusal)) };
    }
    match known {
        Ok((user, _)) if organization.condition == Condition::ConditionalAccess => {
            let refusal = refusals::conditional_access(switches.conditional_access);
            Access { token: name, user: Some(user), grant: Err(refusal) }
        }
        Ok((user, _)) if organization.condition == Condition::NeverSignedIn => {
            let refusal = refusals::never_signed_in(&organization.users[user].id.to_string());
            Access { token: name, user: None, grant: Err(refusal) }
        }
        Ok((user, grant)) => Access { token: name, user: Some(user), grant: Ok(grant) },
        // The anonymous identity. Each route decides whether it accepts it.
        Err(Rejection::Anonymous) => Access { token: name, user: None, grant: Ok(Grant::Full) },
        Err(how) => Access { token: name, user: None, grant: Err(context.reject(how)) },
    }
}

/// Returns the token of a Basic or Bearer header, and whether it is a Bearer header. In a Basic header the token is the
/// password; the user name is ignored.
fn presented(headers: &HeaderMap) -> Option<(String, bool)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some((encoded.trim().to_owned(), true));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(_, token)| (token.to_owned(), false))
}
