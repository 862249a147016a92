//! Parses a line of the host: a request, a notification, or the response to a request of this process.

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Value;
use crate::contract::read_json;
use crate::hosts::json_rpc::messages::RpcError;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::hosts::json_rpc::stdio::MAX_LINE;

/// A message of the host
pub(crate) enum Incoming {
    /// A request, which needs a response
    Request { id: RequestId, method: String, params: Params },
    /// A notification, which has no response
    Notification { method: String, params: Params },
    /// A response to a request of this process; the result is `None` if the host returned an error
    Response { id: RequestId, result: Option<Value> },
}

/// The parameters of a message, which are not decoded yet
pub(crate) struct Params(Option<Value>);

/// A line that is answered with an error
#[derive(Debug)]
pub(crate) struct InvalidLine {
    /// The ID of the request, if the line has a valid one
    pub(crate) id: Option<RequestId>,
    pub(crate) error: RpcError,
}

impl Params {
    /// Returns the parameters by name; empty if there are none
    ///
    /// Errors: `input.invalid` for parameters by position.
    pub(crate) fn named(self, method: &str) -> Result<Dictionary, Error> {
        match self.0 {
            None => Ok(Dictionary::new()),
            Some(Value::Dictionary(entries)) => Ok(entries),
            Some(other) => {
                let message = format!("{method}: params has to be an object, got {}", other.kind());
                Err(Error::new(ErrorCode::InputInvalid, message))
            }
        }
    }
}

/// Parses a line; `None` for a blank line, and for a response that has no valid ID
pub(crate) fn read_line(line: &[u8]) -> Result<Option<Incoming>, InvalidLine> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let invalid = |id, error| Err(InvalidLine { id, error });
    let mut message = match read_json(line, MAX_LINE) {
        Ok(Value::Dictionary(message)) => message,
        Ok(Value::List(_)) => return invalid(None, RpcError::invalid_request("batches are not supported")),
        Ok(_) => return invalid(None, RpcError::invalid_request("a message has to be an object")),
        Err(fault) => return invalid(None, RpcError::parse(&fault)),
    };
    let given = message.remove("id");
    let id = given.as_ref().and_then(RequestId::read);
    let answers = message.contains_key("result") || message.contains_key("error");
    if answers && !message.contains_key("method") {
        // A response is never answered with an error, since both sides could do so without end.
        let said_no = message.contains_key("error");
        let result = message.remove("result").filter(|_| !said_no);
        return Ok(id.map(|id| Incoming::Response { id, result }));
    }
    if message.get("jsonrpc").and_then(Value::as_text) != Some("2.0") {
        return invalid(id, RpcError::invalid_request("\"jsonrpc\" has to be \"2.0\""));
    }
    if given.is_some() && id.is_none() {
        let reason = "an id has to be a text of at most 128 characters without a token, or a whole number";
        return invalid(None, RpcError::invalid_request(reason));
    }
    let params = Params(message.remove("params"));
    match (message.remove("method"), id) {
        (Some(Value::Text(method)), Some(id)) => Ok(Some(Incoming::Request { id, method, params })),
        (Some(Value::Text(method)), None) => Ok(Some(Incoming::Notification { method, params })),
        (_, id) => invalid(id, RpcError::invalid_request("the method is missing")),
    }
}
