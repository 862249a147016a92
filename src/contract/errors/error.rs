//! The one error type: a code, what happened, what to do, and what support needs to know.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::contract::ChangeInFlight;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::mask_tokens;

/// The longest text of an error that is shown, in characters
const LONGEST: usize = 2000;

/// Whether the same call may work another time
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retry {
    /// It will fail again until something is mended
    #[default]
    Never,
    /// It may work later
    Later,
    /// It may work after this long; the service said so
    After(Duration),
}

impl Retry {
    /// The word in an outcome: `never` or `later`
    pub const fn as_str(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::Later | Retry::After(_) => "later",
        }
    }
}

/// What an action answers when it could not do its work
///
/// The message names the thing and is written for the bot's author: one sentence without a full
/// stop, since others are built around it. The help can be followed and is whole sentences. The
/// context holds what support asks for (the service's activity id, the status). What has the form of a
/// token is masked in all of them from the start; what else is secret in a run tree is masked by
/// [`Error::masked`] and [`Error::excerpt`]. `Display` is `code: message`.
pub struct Error(Box<Parts>);

struct Parts {
    code: ErrorCode,
    message: String,
    help: Option<Cow<'static, str>>,
    retry: Retry,
    operation: Option<Cow<'static, str>>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    change: Option<ChangeInFlight>,
}

impl Error {
    /// An error with its code and a message that names the thing
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            code,
            message: mask_tokens(message.into()),
            help: None,
            retry: Retry::Never,
            operation: None,
            context: Vec::new(),
            source: None,
            change: None,
        }))
    }

    /// Adds what the reader can do about it
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(safe(help.into()));
        self
    }

    /// Says whether trying again may help
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// Names what was being done: an action, or a request as `GET connectionData`
    #[must_use]
    pub fn operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation = Some(safe(operation.into()));
        self
    }

    /// Adds one thing that support may ask for; the latest value of a key counts
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        let value = mask_tokens(value.to_string());
        match self.0.context.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = value,
            None => self.0.context.push((key, value)),
        }
        self
    }

    /// Keeps the cause for logs; it is never needed to understand the message
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Keeps the change whose outcome is not known; dropping the error leaves it unknown
    #[must_use]
    pub(crate) fn of_change(mut self, change: ChangeInFlight) -> Self {
        self.0.change = Some(change);
        self
    }

    /// Takes the change out, for the one who has found out what became of it
    pub(crate) fn take_change(&mut self) -> Option<ChangeInFlight> {
        self.0.change.take()
    }

    /// Masks every text that a reader sees
    #[must_use]
    pub fn masked(self, masker: &Masker) -> Self {
        self.map_text(|text| masker.mask_text(text))
    }

    /// Masks every text that a reader sees, then cuts those that are too long
    #[must_use]
    pub fn excerpt(self, masker: &Masker) -> Self {
        self.map_text(|text| *text = masker.mask(text).beginning(LONGEST))
    }

    fn map_text(mut self, change: impl Fn(&mut String)) -> Self {
        let parts = &mut *self.0;
        change(&mut parts.message);
        for text in [&mut parts.help, &mut parts.operation] {
            if let Some(Cow::Owned(text)) = text {
                change(text);
            }
        }
        parts.context.iter_mut().for_each(|(_, value)| change(value));
        self
    }

    /// The code
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What happened
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do: the error's own help, else the code's general advice
    pub fn help_text(&self) -> &str {
        self.0.help.as_deref().unwrap_or(self.0.code.advice())
    }

    /// Whether trying again may help
    pub fn retry_advice(&self) -> Retry {
        self.0.retry
    }

    /// What was being done
    pub fn operation_name(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// What support may ask for, in the order it was added
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }

    /// One value of the context
    pub fn context_value(&self, key: &str) -> Option<&str> {
        self.0.context.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }
}

/// Only what was put together can hold a token
fn safe(text: Cow<'static, str>) -> Cow<'static, str> {
    match text {
        Cow::Owned(text) => Cow::Owned(mask_tokens(text)),
        text @ Cow::Borrowed(_) => text,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code.as_str())
            .field("message", &self.0.message)
            .field("help", &self.help_text())
            .field("retry", &self.0.retry)
            .field("operation", &self.0.operation)
            .field("context", &self.0.context)
            .field("source", &self.0.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_code_and_message_and_falls_back_on_the_codes_advice() {
        let error = Error::new(ErrorCode::SessionNotFound, "There is no open session named \"Work\"");
        assert_eq!(error.to_string(), "session.not_found: There is no open session named \"Work\"");
        assert_eq!(error.help_text(), ErrorCode::SessionNotFound.advice());
        assert_eq!(error.help("Connect first.").help_text(), "Connect first.");
    }

    #[test]
    fn a_key_of_the_context_stands_once() {
        let error = Error::new(ErrorCode::Internal, "x").with("status", 500).with("status", 503);
        assert_eq!(error.context(), [("status", "503".to_owned())]);
    }
}
