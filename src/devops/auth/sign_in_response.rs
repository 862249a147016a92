//! A response to one of the requests that sign in: its class, and its value after a success.

use serde::de::DeserializeOwned;

use crate::contract::Error;
use crate::contract::Secret;
use crate::devops::auth::identity::IdentityRecord;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::response_error;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::sender::Sender;

/// A response and the value that was read from it
pub(crate) struct SignInResponse<T> {
    pub(crate) response: ServiceResponse,
    pub(crate) class: ResponseClass,
    /// The value, or why it could not be read; meaningful after a success only
    pub(crate) value: Result<T, String>,
}

impl<T: DeserializeOwned> SignInResponse<T> {
    /// Reads a response
    pub(crate) fn of(response: ServiceResponse) -> Self {
        let class = response.class();
        let value = match class {
            ResponseClass::Success => body::decode(&response),
            _ => Err(String::new()),
        };
        SignInResponse { response, class, value }
    }

    /// Returns the value, or the error of the response
    pub(crate) fn into_value(
        self,
        request: &Request<'_>,
        error_text: &ErrorText,
        token: &Secret,
    ) -> Result<T, Error> {
        if self.class != ResponseClass::Success
            && let Some(error) = response_error::error(&self.response, request, error_text, token)
        {
            return Err(error);
        }
        self.value.map_err(|reason| {
            let error = response_error::unreadable(request, &reason);
            response_error::with_origin(error, &self.response, request, token)
        })
    }
}

impl SignInResponse<IdentityRecord> {
    /// Reads the response to the request for the token's user
    ///
    /// Here a web page or a redirect with status 302 of the service, and the anonymous identity, mean that the token
    /// was not accepted.
    pub(crate) fn identity(response: ServiceResponse) -> Self {
        let mut read = Self::of(response);
        let is_page = read.class == ResponseClass::Success && read.response.is_web_page();
        let is_redirect = matches!(read.class, ResponseClass::Unexpected(_))
            && read.response.status.as_u16() == 302
            && read.response.sender() == Sender::Service;
        let is_anonymous = read.value.as_ref().is_ok_and(|record| record.identity().is_none());
        if is_page || is_anonymous || is_redirect {
            read.class = ResponseClass::Unauthenticated;
        }
        read
    }
}
