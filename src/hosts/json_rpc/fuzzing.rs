//! What the fuzz target of the JSON-RPC server checks. Decision 0280.

use serde::de::DeserializeOwned;

use crate::contract::Dictionary;
use crate::contract::Invocation;
use crate::contract::decode;
use crate::contract::fuzzing::check_error;
use crate::contract::fuzzing::check_text;
use crate::contract::fuzzing::planted;
use crate::hosts::json_rpc::messages::Incoming;
use crate::hosts::json_rpc::messages::InvalidLine;
use crate::hosts::json_rpc::messages::Params;
use crate::hosts::json_rpc::messages::RpcError;
use crate::hosts::json_rpc::messages::error_response;
use crate::hosts::json_rpc::messages::read_line;
use crate::hosts::json_rpc::messages::response;
use crate::hosts::json_rpc::protocol::Cancel;
use crate::hosts::json_rpc::protocol::CheckInput;
use crate::hosts::json_rpc::protocol::EndBotRun;
use crate::hosts::json_rpc::protocol::Initialize;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::hosts::json_rpc::protocol::StartBotRun;
use crate::hosts::json_rpc::stdio::Line;
use crate::hosts::json_rpc::stdio::Lines;

/// Lines do not depend on the pieces that are read, and each is answered with one line that contains no token
///
/// The first byte of the input is the size of the pieces.
pub fn json_rpc_line(input: &[u8]) {
    let Some((size, rest)) = input.split_first() else { return };
    let text = planted(rest, " ");
    let whole = lines(&text, text.len().max(1));
    assert_eq!(lines(&text, usize::from(*size).max(1)), whole, "the lines depend on what is read at once");
    for line in whole {
        let Line::Text(line) = line else { continue };
        match read_line(&line) {
            Ok(Some(Incoming::Request { id, method, params })) => {
                check_answer(&response(&id, true));
                assert_eq!(answered(&response(&id, true)), Some(id), "the response has another id");
                check_answer(&error_response(None, RpcError::unknown_method(&method, ["initialize"])));
                check_params(params);
            }
            Ok(Some(Incoming::Notification { params, .. })) => check_params(params),
            Ok(Some(Incoming::Response { .. }) | None) => {}
            Err(InvalidLine { id, error }) => check_answer(&error_response(id.as_ref(), error)),
        }
    }
}

fn lines(text: &[u8], size: usize) -> Vec<Line> {
    let (mut lines, mut all) = (Lines::default(), Vec::new());
    for mut piece in text.chunks(size) {
        while !piece.is_empty() {
            all.extend(lines.next(&mut piece));
        }
    }
    all.extend(lines.last());
    all
}

/// Returns the id of a response as the host reads it
fn answered(line: &str) -> Option<RequestId> {
    match read_line(line.as_bytes()) {
        Ok(Some(Incoming::Response { id, result: Some(_) })) => Some(id),
        _ => None,
    }
}

fn check_answer(line: &str) {
    assert!(line.ends_with('\n') && line.lines().count() == 1, "an answer is one line: {line}");
    serde_json::from_str::<serde_json::Value>(line).expect("an answer is JSON");
    check_text(line);
}

/// Decodes the parameters of a message as those of each method
fn check_params(params: Params) {
    let fields = match params.named("method") {
        Ok(fields) => fields,
        Err(error) => return check_error(&error),
    };
    check_decoded::<Initialize>(&fields);
    check_decoded::<StartBotRun>(&fields);
    check_decoded::<EndBotRun>(&fields);
    check_decoded::<CheckInput>(&fields);
    check_decoded::<Cancel>(&fields);
    check_decoded::<Invocation>(&fields);
}

fn check_decoded<T: DeserializeOwned>(fields: &Dictionary) {
    if let Err(error) = decode::<T>("method", fields.clone()) {
        check_error(&error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fuzzing::over_kept_inputs;

    #[test]
    fn kept_lines_are_each_answered_with_one_line() {
        over_kept_inputs("json_rpc_line", json_rpc_line);
    }
}
