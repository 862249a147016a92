//! The result of a tool call: text for a model, fenced and cut, and the same as structured content for programs.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Error;
use crate::contract::Failure;
use crate::contract::Success;
use crate::hosts::mcp::fence::fenced;
use crate::hosts::mcp::results::ResultPage;
use crate::hosts::mcp::results::Results;
use crate::hosts::mcp::results::page;
use crate::hosts::mcp::results::shortened;
use crate::package::SESSION_ARGUMENT;

/// The result of a tool call
#[derive(Debug, Clone)]
pub(super) struct ToolAnswer {
    /// The text for a model
    pub(super) text: String,
    /// The structured content; a failed call has none, since it would not fit the tool's output schema
    pub(super) structured: Option<Json>,
    /// The error as JSON, for programs
    pub(super) error: Option<Json>,
}

impl ToolAnswer {
    /// The answer of an action that succeeded
    pub(super) fn succeeded(success: Success, results: &Results) -> Result<Self, Error> {
        let mut members = Map::new();
        if let Some(session) = &success.session {
            members.insert(SESSION_ARGUMENT.to_owned(), session.to_string().into());
        }
        members.extend(success.outputs.iter().map(|(name, value)| (name.to_string(), plain(value))));
        if !success.warnings.is_empty() {
            members.insert("warnings".to_owned(), plain(&success.warnings));
        }
        Self::data(Json::Object(members), results)
    }

    /// An answer with data that may come from Azure DevOps: fenced, and cut with the rest kept
    pub(super) fn data(whole: Json, results: &Results) -> Result<Self, Error> {
        let (text, cut) = shown(whole.to_string(), results)?;
        let Some(cut) = cut else { return Ok(ToolAnswer { text, structured: Some(whole), error: None }) };
        let mut structured = shortened(&whole);
        if let Some(members) = structured.as_object_mut() {
            members.insert("cut".to_owned(), cut);
        }
        Ok(ToolAnswer { text, structured: Some(structured), error: None })
    }

    /// One page of a long result
    pub(super) fn page(name: &str, offset: usize, page: ResultPage) -> Result<Self, Error> {
        let ResultPage { text, next, total } = page;
        let rest = next.map(|next| format!("\n{}", rest_note(name, offset, next, total))).unwrap_or_default();
        let mut structured = json!({ "text": text, "bytes": total });
        if let Some(next) = next {
            structured["next"] = json!(next);
        }
        Ok(ToolAnswer {
            text: format!("{}{rest}", fenced(&text)?),
            structured: Some(structured),
            error: None,
        })
    }

    /// An answer of the server itself, without data from Azure DevOps
    pub(super) fn own(structured: Json) -> Self {
        ToolAnswer { text: structured.to_string(), structured: Some(structured), error: None }
    }

    /// The answer of an action that failed: its message may quote Azure DevOps if requests were sent
    pub(super) fn failed(failure: &Failure) -> Result<Self, Error> {
        if failure.requests == 0 {
            return Ok(Self::refused(&failure.error));
        }
        let error = plain(failure);
        let code = failure.error.code();
        let text = format!("The call failed with {code}. {}\n{}", code.advice(), fenced(&error.to_string())?);
        Ok(ToolAnswer { text, structured: None, error: Some(error) })
    }

    /// The answer for a call that was refused before any request
    pub(super) fn refused(error: &Error) -> Self {
        let json = json!({ "error": plain(error), "requests": 0 });
        ToolAnswer { text: json.to_string(), structured: None, error: Some(json) }
    }
}

/// Returns a text that may come from Azure DevOps: fenced, and cut with the rest kept
///
/// If it is cut, the second part has the name and the length of the whole text.
pub(super) fn shown(text: String, results: &Results) -> Result<(String, Option<Json>), Error> {
    let Some(ResultPage { text: first, next: Some(next), total }) = page(&text, 0) else {
        return Ok((fenced(&text)?, None));
    };
    let name = results.keep(text);
    let rest = rest_note(&name, 0, next, total);
    Ok((format!("{}\n{rest}", fenced(&first)?), Some(json!({ "result": name, "bytes": total }))))
}

/// Returns how to read the rest of a long result
fn rest_note(name: &str, offset: usize, next: usize, total: usize) -> String {
    format!(
        "These are the bytes {offset} to {next} of {total}. For the rest, call read_result with result \"{name}\" and offset {next}."
    )
}

/// Returns a value as plain JSON, also where it keeps a record of the service as text
pub(super) fn plain(value: &impl serde::Serialize) -> Json {
    let text = serde_json::to_string(value);
    text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}
