//! The one error type: a code, what happened, what to do, and what support needs to know.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::contract::ErrorCode;

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
/// context holds what support asks for (the service's activity id, the status). None of them ever
/// holds a secret. `Display` is `code: message`.
pub struct Error(Box<Parts>);

struct Parts {
    code: ErrorCode,
    message: String,
    help: Option<Cow<'static, str>>,
    retry: Retry,
    operation: Option<Cow<'static, str>>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with its code and a message that names the thing
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            code,
            message: message.into(),
            help: None,
            retry: Retry::Never,
            operation: None,
            context: Vec::new(),
            source: None,
        }))
    }

    /// Adds what the reader can do about it
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(help.into());
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
        self.0.operation = Some(operation.into());
        self
    }

    /// Adds one thing that support may ask for; the latest value of a key counts
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
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

    /// Changes every text a reader sees, as a mask does
    #[must_use]
    pub fn map_text(mut self, change: impl Fn(&str) -> String) -> Self {
        self.0.message = change(&self.0.message);
        self.0.help = self.0.help.map(|help| change(&help).into());
        for (_, value) in &mut self.0.context {
            *value = change(value);
        }
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

/// Text of others made safe to print: control and bidirectional characters escaped, cut at `max` characters
///
/// What the service or a caller wrote must not move the cursor, hide text or break a log line in two.
pub fn printable(text: &str, max: usize) -> String {
    // Most texts are plain and short; they are copied as they are.
    if text.len() <= max && text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(max * 4));
    for (at, c) in text.chars().enumerate() {
        if at == max {
            out.push('…');
            break;
        }
        let bidirectional = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
        if c.is_control() || bidirectional || matches!(c, '\u{2028}' | '\u{2029}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
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

    #[test]
    fn text_of_others_cannot_move_the_cursor_or_turn_its_direction() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d", 100), "a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{202e}d");
        assert_eq!(printable("äöü", 2), "äö…");
    }
}
