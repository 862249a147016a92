//! The error type: a code, what happened, what to do, and the context for support.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::contract::ChangeInFlight;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::ServiceKind;
use crate::contract::mask_tokens;

/// The longest text of an error that is shown, in characters
const LONGEST: usize = 2000;

/// Whether a retry of the same call may succeed
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retry {
    /// It fails again until the cause is fixed
    #[default]
    Never,
    /// It may succeed later
    Later,
    /// It may succeed after this time, which the service gave
    After(Duration),
}

impl Retry {
    /// Returns the value in an outcome: `never` or `later`
    pub const fn as_str(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::Later | Retry::After(_) => "later",
        }
    }
}

/// The error of an action
///
/// The message names the resource and is written for the bot's author: one sentence without a full
/// stop, since other messages include it. The help is actionable and has whole sentences. The
/// context is for support (the service's activity id, the status). A text that has the form of a
/// token is masked in all of them when it is set. The other secrets of a run tree are masked by
/// [`Error::masked`] and [`Error::excerpt`]. `Display` is `code: message`.
pub struct Error(Box<Parts>);

struct Parts {
    code: ErrorCode,
    message: String,
    help: Option<Cow<'static, str>>,
    service: ServiceKind,
    retry: Retry,
    operation: Option<Cow<'static, str>>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    change: Option<ChangeInFlight>,
}

impl Error {
    /// Creates an error with a code and a message that names the resource
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            code,
            message: mask_tokens(message.into()),
            help: None,
            service: ServiceKind::default(),
            retry: Retry::Never,
            operation: None,
            context: Vec::new(),
            source: None,
            change: None,
        }))
    }

    /// Sets what the reader can do
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(safe(help.into()));
        self
    }

    /// Sets the service that it is about, for the words of the general advice
    #[must_use]
    pub fn on(mut self, service: ServiceKind) -> Self {
        self.0.service = service;
        self
    }

    /// Sets what the reader can do, if the error does not say it
    #[must_use]
    pub fn or_help(self, help: impl FnOnce() -> String) -> Self {
        if self.0.help.is_some() { self } else { self.help(help()) }
    }

    /// Sets whether a retry may help
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// Sets the operation: an action, or a request such as `GET connectionData`
    #[must_use]
    pub fn operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation = Some(safe(operation.into()));
        self
    }

    /// Adds a value to the context; the latest value of a key wins
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        let value = mask_tokens(value.to_string());
        match self.0.context.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = value,
            None => self.0.context.push((key, value)),
        }
        self
    }

    /// Sets the cause, for logs; the message must be clear without it
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Attaches the change whose outcome is unknown; dropping the error leaves it unknown
    #[must_use]
    pub(crate) fn of_change(mut self, change: ChangeInFlight) -> Self {
        self.0.change = Some(change);
        self
    }

    /// Takes the change out, for a caller that has verified its outcome
    pub(crate) fn take_change(&mut self) -> Option<ChangeInFlight> {
        self.0.change.take()
    }

    /// Masks every text of the error
    #[must_use]
    pub fn masked(self, masker: &Masker) -> Self {
        self.map_text(|text| masker.mask_text(text))
    }

    /// Masks every text of the error, then cuts those that are too long
    #[must_use]
    pub fn excerpt(self, masker: &Masker) -> Self {
        self.map_text(|text| *text = masker.mask(text).beginning(LONGEST))
    }

    /// Changes the message and the help, for a host with its own names for inputs
    #[cfg(feature = "cli")]
    #[must_use]
    pub(crate) fn reworded(mut self, change: impl Fn(&str) -> String) -> Self {
        let parts = &mut *self.0;
        parts.message = change(&parts.message);
        parts.help = parts.help.take().map(|help| change(&help).into());
        self
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

    /// Returns the code
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Returns the message
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what to do: the error's own help, or else the general advice of its code
    pub fn help_text(&self) -> &str {
        self.0.help.as_deref().unwrap_or(self.0.code.advice_on(self.0.service))
    }

    /// Returns whether a retry may help
    pub fn retry_advice(&self) -> Retry {
        self.0.retry
    }

    /// Returns the operation, if it is set
    pub fn operation_name(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// Returns the context for support, in insertion order
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }

    /// Returns one value of the context
    pub fn context_value(&self, key: &str) -> Option<&str> {
        self.0.context.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }
}

/// Masks tokens; a text that is a literal cannot contain one
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
        let error = Error::new(ErrorCode::PermissionDenied, "no").on(ServiceKind::Server);
        assert!(error.help_text().ends_with("an administrator of the collection."), "{}", error.help_text());
    }

    #[test]
    fn a_key_of_the_context_is_listed_once() {
        let error = Error::new(ErrorCode::Internal, "x").with("status", 500).with("status", 503);
        assert_eq!(error.context(), [("status", "503".to_owned())]);
    }
}
