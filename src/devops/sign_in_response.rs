//! An answer of the sign-in, read once: what it means, and its value when it did what was asked.

use serde::de::DeserializeOwned;

use crate::contract::Error;
use crate::contract::Secret;
use crate::devops::body;
use crate::devops::error_text::ErrorText;
use crate::devops::identity;
use crate::devops::request::Request;
use crate::devops::response::ResponseClass;
use crate::devops::response::ServiceResponse;
use crate::devops::response_error;

/// An answer with what was read out of it
pub(super) struct SignInResponse<T> {
    pub(super) answer: ServiceResponse,
    pub(super) meaning: ResponseClass,
    /// The value, or why it could not be read; of use when the meaning is `Done`
    pub(super) value: Result<T, String>,
}

impl<T: DeserializeOwned> SignInResponse<T> {
    pub(super) fn of(answer: ServiceResponse) -> Self {
        let meaning = answer.meaning();
        let value = match meaning {
            ResponseClass::Done => body::decode(&answer),
            _ => Err(String::new()),
        };
        SignInResponse { answer, meaning, value }
    }

    /// The value, or the error that the answer is
    pub(super) fn into_value(
        self,
        request: &Request<'_>,
        place: &ErrorText,
        token: &Secret,
    ) -> Result<T, Error> {
        if self.meaning != ResponseClass::Done
            && let Some(error) = response_error::error(&self.answer, request, place, token)
        {
            return Err(error);
        }
        self.value.map_err(|reason| {
            response_error::with_origin(
                response_error::unreadable(request, &reason),
                &self.answer,
                request,
                token,
            )
        })
    }
}

impl SignInResponse<identity::IdentityRecord> {
    /// The answer to "who am I": here any web page, any 302 and the identity of everybody say that
    /// the token was not accepted
    pub(super) fn identity(answer: ServiceResponse) -> Self {
        let mut heard = Self::of(answer);
        let page = heard.answer.status.is_success() && body::is_web_page(&heard.answer);
        let nobody = heard.value.as_ref().is_ok_and(|wire| wire.identity().is_none());
        if page || nobody || heard.answer.status.as_u16() == 302 {
            heard.meaning = ResponseClass::NotSignedIn;
        }
        heard
    }
}
