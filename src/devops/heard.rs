//! An answer of the sign-in, read once: what it means, and its value when it did what was asked.

use serde::de::DeserializeOwned;

use crate::contract::Error;
use crate::contract::Secret;
use crate::devops::answer::Answer;
use crate::devops::answer::Meaning;
use crate::devops::body;
use crate::devops::identity;
use crate::devops::place::Place;
use crate::devops::refusal;
use crate::devops::request::Request;

/// An answer with what was read out of it
pub(super) struct Heard<T> {
    pub(super) answer: Answer,
    pub(super) meaning: Meaning,
    /// The value, or why it could not be read; of use when the meaning is `Done`
    pub(super) value: Result<T, String>,
}

impl<T: DeserializeOwned> Heard<T> {
    pub(super) fn of(answer: Answer) -> Self {
        let meaning = answer.meaning();
        let value = match meaning {
            Meaning::Done => body::decode(&answer),
            _ => Err(String::new()),
        };
        Heard { answer, meaning, value }
    }

    /// The value, or the error that the answer is
    pub(super) fn into_value(self, request: &Request<'_>, place: &Place, token: &Secret) -> Result<T, Error> {
        if self.meaning != Meaning::Done
            && let Some(error) = refusal::error(&self.answer, request, place, token)
        {
            return Err(error);
        }
        self.value.map_err(|reason| {
            refusal::with_origin(refusal::unreadable(request, &reason), &self.answer, request, token)
        })
    }
}

impl Heard<identity::Wire> {
    /// The answer to "who am I": here any web page, any 302 and the identity of everybody say that
    /// the token was not accepted
    pub(super) fn identity(answer: Answer) -> Self {
        let mut heard = Self::of(answer);
        let page = heard.answer.status.is_success() && body::is_web_page(&heard.answer);
        let nobody = heard.value.as_ref().is_ok_and(|wire| wire.identity().is_none());
        if page || nobody || heard.answer.status.as_u16() == 302 {
            heard.meaning = Meaning::NotSignedIn;
        }
        heard
    }
}
