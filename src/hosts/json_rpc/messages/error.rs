//! JSON-RPC errors.

use serde::Serialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::JsonError;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;

/// The longest name of a method that is shown, in characters
const LONGEST_METHOD: usize = 256;

/// The `error` of a response
#[derive(Debug, Serialize)]
pub(crate) struct RpcError {
    code: i32,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
}

/// The `data` of an error: the complete error of the package
#[derive(Debug, Serialize)]
struct Data {
    #[serde(flatten)]
    error: Error,
    requests: u64,
}

impl RpcError {
    /// The line is not valid JSON
    pub(crate) fn parse(fault: &JsonError) -> Self {
        Self::plain(-32700, format!("Parse error: {fault}"))
    }

    /// The line is longer than the maximum
    pub(crate) fn line_too_long(most: usize) -> Self {
        Self::plain(-32700, format!("Parse error: the line has more than {most} bytes"))
    }

    /// The message is not a valid request, or is not allowed now
    pub(crate) fn invalid_request(reason: &str) -> Self {
        Self::plain(-32600, format!("Invalid request: {reason}"))
    }

    /// The method does not exist; `known` are those that do
    pub(crate) fn unknown_method<'a>(method: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let hint = did_you_mean(nearest(method, known));
        let method = printable(method, LONGEST_METHOD);
        Self::plain(-32601, format!("Method not found: there is no method \"{method}\"{hint}"))
    }

    /// Adds the message of another error
    pub(crate) fn followed_by(self, other: &RpcError) -> Self {
        RpcError { message: format!("{}. {}", self.message, other.message), ..self }
    }

    /// Host and package support no common version of the protocol
    pub(crate) fn no_common_version(error: Error) -> Self {
        Self::with_data(-32000, Failure { error, requests: 0 })
    }

    fn plain(code: i32, message: String) -> Self {
        RpcError { code, message, data: None }
    }

    fn with_data(code: i32, Failure { error, requests }: Failure) -> Self {
        RpcError { code, message: error.message().to_owned(), data: Some(Data { error, requests }) }
    }
}

impl From<Failure> for RpcError {
    fn from(failure: Failure) -> Self {
        let code = match failure.error.code() {
            ErrorCode::InputInvalid | ErrorCode::ActionUnknown => -32602,
            ErrorCode::Internal => -32603,
            _ => -32000,
        };
        Self::with_data(code, failure)
    }
}

impl From<Error> for RpcError {
    /// An error of a method that sends no requests to Azure DevOps
    fn from(error: Error) -> Self {
        Failure { error, requests: 0 }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_code_has_its_json_rpc_code() {
        for code in ErrorCode::ALL {
            let expected = match code.as_str() {
                "input.invalid" | "action.unknown" => -32602,
                "internal" => -32603,
                _ => -32000,
            };
            assert_eq!(RpcError::from(Error::new(*code, "x")).code, expected, "{code}");
        }
    }

    #[test]
    fn the_data_is_the_complete_error() {
        let error = Error::new(ErrorCode::ResourceConflict, "taken")
            .operation("createRepository")
            .with("status", 409);
        let json = serde_json::to_value(RpcError::from(Failure { error, requests: 1 })).unwrap();
        let expected = serde_json::json!({
            "code": -32000, "message": "taken",
            "data": { "code": "resource.conflict", "message": "taken", "retry": "never", "requests": 1,
                      "help": ErrorCode::ResourceConflict.advice(), "operation": "createRepository",
                      "context": { "status": "409" } }
        });
        assert_eq!(json, expected);
    }
}
