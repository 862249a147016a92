//! Formats the lines that are sent to the host.

use serde::Serialize;

use crate::hosts::json_rpc::messages::RpcError;
use crate::hosts::json_rpc::protocol::RequestId;

#[derive(Serialize)]
struct RequestMessage<'a, T> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    method: &'static str,
    params: T,
}

#[derive(Serialize)]
struct ResponseMessage<'a, T> {
    jsonrpc: &'static str,
    id: &'a RequestId,
    result: T,
}

#[derive(Serialize)]
struct ErrorMessage<'a> {
    jsonrpc: &'static str,
    id: Option<&'a RequestId>,
    error: RpcError,
}

/// Returns the line of a request to the host
pub(crate) fn request(id: &str, method: &'static str, params: impl Serialize) -> String {
    line(&RequestMessage { jsonrpc: "2.0", id: Some(id), method, params })
}

/// Returns the line of a notification
pub(crate) fn notification(method: &'static str, params: impl Serialize) -> String {
    line(&RequestMessage { jsonrpc: "2.0", id: None, method, params })
}

/// Returns the line of a successful response
pub(crate) fn response(id: &RequestId, result: impl Serialize) -> String {
    line(&ResponseMessage { jsonrpc: "2.0", id, result })
}

/// Returns the line of an error response; without an ID for a line that could not be parsed
pub(crate) fn error_response(id: Option<&RequestId>, error: RpcError) -> String {
    line(&ErrorMessage { jsonrpc: "2.0", id, error })
}

fn line(message: &impl Serialize) -> String {
    let line = serde_json::to_string(message);
    line.expect("texts, whole numbers and values with text keys serialize") + "\n"
}
