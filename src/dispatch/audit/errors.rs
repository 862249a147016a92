//! The errors of actions without an audit record.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::dispatch::audit::recorder::Unrecorded;

/// Returns the error for an action that changed nothing, as its record cannot be written
pub(in crate::dispatch) fn not_begun(name: &str, what: &str, reason: Unrecorded) -> Error {
    let message = format!("{name} {what}, as its audit record could not be written: {reason}");
    Error::new(ErrorCode::AuditFailed, message)
        .operation(name.to_owned())
        .with("outcome", "not_begun")
        .retry(Retry::Later)
        .caused_by(reason)
}

/// Returns the error for an action without an audit record, with the result of the action
pub(in crate::dispatch) fn unrecorded(
    name: &str,
    result: Result<Dictionary, Error>,
    reason: Unrecorded,
) -> Error {
    let error = match result {
        Ok(_) => {
            let message = format!("{name} succeeded, but its audit record was not written: {reason}");
            Error::new(ErrorCode::AuditFailed, message).operation(name.to_owned()).with("outcome", "ok")
        }
        // A flow must check the outcome before it tries again, recorded or not.
        Err(error) if error.code() == ErrorCode::ServiceOutcomeUnknown => {
            let message = format!("{}; its audit record was not written: {reason}", error.message());
            with_message(&error, ErrorCode::ServiceOutcomeUnknown, message).help(error.help_text().to_owned())
        }
        Err(error) => {
            let message = format!(
                "{name} failed, and its audit record was not written: {reason}. The error was: {error}"
            );
            with_message(&error, ErrorCode::AuditFailed, message).with("outcome", error.code())
        }
    };
    error.caused_by(reason)
}

/// Returns a new error with the context of another one
fn with_message(error: &Error, code: ErrorCode, message: String) -> Error {
    let operation = error.operation_name().unwrap_or_default().to_owned();
    let new = Error::new(code, message).operation(operation).retry(error.retry_advice());
    error.context().iter().fold(new, |new, (key, value)| new.with(key, value))
}
