//! Sends the requests of one call through a connection.

use serde::de::DeserializeOwned;

use crate::contract::Call;
use crate::contract::Error;
use crate::contract::TokenSource;
use crate::devops::auth::identity::Identity;
use crate::devops::auth::token_state::CurrentToken;
use crate::devops::client::connection::Connection;
use crate::devops::errors::outcome_unknown::outcome_unknown;
use crate::devops::errors::response_error;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;

/// A connection as one call uses it: with the deadline of the call, and the source of its tokens
#[derive(Clone, Copy)]
pub struct ServiceClient<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) call: &'a Call,
    pub(crate) tokens: &'a dyn TokenSource,
}

impl Connection {
    /// Returns a client that sends the requests of one call
    pub fn client<'a>(&'a self, call: &'a Call, tokens: &'a dyn TokenSource) -> ServiceClient<'a> {
        ServiceClient { connection: self, call, tokens }
    }
}

impl ServiceClient<'_> {
    /// Sends a request and reads the value in the response
    ///
    /// `()` accepts a response without a body, `serde::de::IgnoredAny` any JSON. Errors: `input.invalid`
    /// for a name that cannot be part of a URL, `auth.failed`, `auth.scope_missing`,
    /// `permission.denied`, `resource.*`, `project.not_found`, `service.*`, `network.*`,
    /// `deadline.exceeded`; for a change whose response is lost, `service.outcome_unknown`.
    pub async fn send<T: DeserializeOwned>(self, request: Request<'_>) -> Result<T, Error> {
        let (mut response, token) = self.exchange(&request, &[]).await?;
        let read = body::decode(&response);
        self.readable(read, &request, &mut response, &token)
    }

    /// Sends a request and reads the text of a file, unchanged, up to the size limit of one object
    ///
    /// Errors: those of [`ServiceClient::send`]; `service.bad_response` for a file that is not UTF-8 text.
    pub async fn send_text(self, request: Request<'_>) -> Result<String, Error> {
        let request = request.for_text();
        let (mut response, token) = self.exchange(&request, &[]).await?;
        let read = body::text(&response);
        self.readable(read, &request, &mut response, &token)
    }

    /// Sends a request and reads the beginning of a file: all of it, or as much as the size limit of one object
    ///
    /// Errors: those of [`ServiceClient::send`]; `service.bad_response` for a web page.
    pub async fn send_for_start(self, request: Request<'_>) -> Result<Vec<u8>, Error> {
        let request = request.for_start();
        let (mut response, token) = self.exchange(&request, &[]).await?;
        let read = body::file(&mut response);
        self.readable(read, &request, &mut response, &token)
    }

    /// Checks whether the token is still accepted, and returns its user
    ///
    /// Errors: `auth.failed` if neither the token nor a renewed one is accepted; `network.*` and
    /// `service.*` if there was no usable response.
    pub async fn check(self) -> Result<Identity, Error> {
        let Connection { authenticator, transport, .. } = self.connection;
        authenticator.check(transport, self.call, self.tokens).await
    }

    /// Returns the response to a request that succeeded, and the token it was sent with
    pub(crate) async fn exchange(
        &self,
        request: &Request<'_>,
        page: &[(&str, &str)],
    ) -> Result<(ServiceResponse, CurrentToken), Error> {
        let Connection { authenticator, transport, project, .. } = self.connection;
        if !request.is_safe() {
            self.call.before_change(&request.change()).await?;
        }
        let url = request.url(&transport.base, &project.id, page)?;
        let mut token = authenticator.token(self.call, self.tokens).await?;
        let mut response = transport.send(self.call, request, &url, &token.token).await?;
        if response.class() == ResponseClass::Unauthenticated {
            token = self.another_token(request, &token, &response).await?;
            response = transport.send(self.call, request, &url, &token.token).await?;
            if response.class() == ResponseClass::Unauthenticated {
                return Err(self.scope_missing(request, &response, &token));
            }
        }
        match response_error::error(&response, request, authenticator.error_text(), &token.token) {
            Some(error) => match response.change.take() {
                // Something else responded with a success, so the change may have been made.
                Some(change) => {
                    Err(outcome_unknown(transport.session, change, request, error.message()).caused_by(error))
                }
                None => Err(error),
            },
            None => Ok((response, token)),
        }
    }

    /// Returns the token to try next after one was rejected
    ///
    /// Errors: `auth.scope_missing` if the rejected one is accepted elsewhere, `auth.failed` if there is no other.
    pub(crate) async fn another_token(
        &self,
        request: &Request<'_>,
        rejected: &CurrentToken,
        response: &ServiceResponse,
    ) -> Result<CurrentToken, Error> {
        let Connection { authenticator, transport, .. } = self.connection;
        authenticator
            .after_rejection(
                transport,
                self.call,
                self.tokens,
                rejected,
                TokenRefusal::of(response, &rejected.token),
            )
            .await
            .map_err(|error| response_error::with_origin(error, response, request, &rejected.token))?
            .ok_or_else(|| self.scope_missing(request, response, rejected))
    }

    /// Returns the error of a request that is rejected although its token is accepted
    pub(crate) fn scope_missing(
        &self,
        request: &Request<'_>,
        response: &ServiceResponse,
        token: &CurrentToken,
    ) -> Error {
        let refusal = TokenRefusal::of(response, &token.token);
        let error = self.connection.authenticator.error_text().scope_missing(request, &refusal);
        response_error::with_origin(error, response, request, &token.token)
    }

    /// Returns the value of a response, or the error of one that cannot be read; a change was made in either case
    pub(crate) fn readable<T>(
        &self,
        read: Result<T, String>,
        request: &Request<'_>,
        response: &mut ServiceResponse,
        token: &CurrentToken,
    ) -> Result<T, Error> {
        let reason = match read {
            Ok(value) => {
                response.mark_outcome_known();
                return Ok(value);
            }
            Err(reason) => reason,
        };
        let error = match response.change.take() {
            Some(change) => {
                outcome_unknown(self.connection.transport.session, change, request, &format!("it {reason}"))
            }
            None => response_error::unreadable(request, &reason),
        };
        Err(response_error::with_origin(error, response, request, &token.token))
    }
}
