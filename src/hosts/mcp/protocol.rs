//! Our types in the protocol's form: tools, results, tasks, resources, prompts and errors.

use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::CallToolResult;
use rmcp::model::ContentBlock;
use rmcp::model::DetailedTask;
use rmcp::model::GetPromptResult;
use rmcp::model::JsonObject;
use rmcp::model::MetaObject;
use rmcp::model::Prompt;
use rmcp::model::PromptArgument;
use rmcp::model::PromptMessage;
use rmcp::model::ReadResourceResult;
use rmcp::model::Resource;
use rmcp::model::ResourceContents;
use rmcp::model::ResourceTemplate;
use rmcp::model::Role;
use rmcp::model::Task as TaskForm;
use rmcp::model::TaskPayload;
use rmcp::model::TaskStatus;
use rmcp::model::Tool;
use rmcp::model::ToolAnnotations;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::mcp::answer::ToolAnswer;
use crate::hosts::mcp::answer::plain;
use crate::hosts::mcp::prompts::PromptCard;
use crate::hosts::mcp::prompts::PromptPart;
use crate::hosts::mcp::resources::ResourceCard;
use crate::hosts::mcp::tasks::POLL_INTERVAL;
use crate::hosts::mcp::tasks::Task;
use crate::hosts::mcp::tools::ToolCard;

/// The methods of the protocol that clients use here
const METHODS: [&str; 13] = [
    "initialize",
    "ping",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "tasks/get",
    "tasks/update",
    "tasks/cancel",
    "server/discover",
];

/// The longest name of a method that is shown, in characters
const LONGEST_METHOD: usize = 256;

/// The key of the error in `_meta` of a result, for programs
const ERROR_KEY: &str = "azdo-bot/error";

/// The type of the text of resources: fenced text, also where it has JSON between the marks
const TEXT: &str = "text/plain";

pub(super) fn tool(card: ToolCard) -> Tool {
    let ToolCard { name, title, description, input, output, hints } = card;
    let hints = ToolAnnotations::new()
        .read_only(hints.reads)
        .destructive(hints.destroys)
        .idempotent(hints.idempotent)
        .open_world(hints.reaches_service);
    Tool::new(name, description, input)
        .with_title(title)
        .with_raw_output_schema(Arc::new(output))
        .with_annotations(hints)
}

/// Returns the result of a call
pub(super) fn result(answer: &ToolAnswer) -> CallToolResult {
    let ToolAnswer { text, structured, error } = answer;
    let content = vec![ContentBlock::text(text)];
    let mut result = match error {
        None => CallToolResult::success(content),
        Some(error) => {
            let mut result = CallToolResult::error(content);
            result.meta =
                Some(MetaObject([(ERROR_KEY.to_owned(), error["error"].clone())].into_iter().collect()));
            result
        }
    };
    result.structured_content.clone_from(structured);
    result
}

/// Returns the error for a tool that does not exist
pub(super) fn unknown_tool(error: &Error) -> ErrorData {
    let data = json!({ "code": error.code().as_str(), "help": error.help_text() });
    ErrorData::invalid_params(error.message().to_owned(), Some(data))
}

/// Returns the error for a method that does not exist, with the one that is spelled most like it
pub(super) fn unknown_method(method: &str) -> ErrorData {
    let hint = did_you_mean(nearest(method, METHODS));
    let message = format!("there is no method \"{}\"{hint}", printable(method, LONGEST_METHOD));
    ErrorData::new(rmcp::model::ErrorCode::METHOD_NOT_FOUND, message, None)
}

/// Returns the error of a resource or a prompt
///
/// A message that may quote Azure DevOps is in the data only, since clients show the other one to models as the server's.
pub(super) fn failure(failure: &Failure) -> ErrorData {
    let (error, code) = (&failure.error, failure.error.code());
    let message = match failure.requests {
        0 => error.message().to_owned(),
        _ => format!("Azure DevOps could not be read: {code}. {}", code.advice()),
    };
    let data = Some(json!({ "code": code.as_str(), "help": error.help_text(), "error": plain(error) }));
    match code {
        ErrorCode::ResourceNotFound => ErrorData::resource_not_found(message, data),
        ErrorCode::Internal => ErrorData::internal_error(message, data),
        _ => ErrorData::invalid_params(message, data),
    }
}

/// Returns a task as the answer to its call
pub(super) fn task(task: &Task) -> TaskForm {
    let state = task.state();
    let (created, updated) = (task.created().to_string(), state.updated.to_string());
    let mut form = TaskForm::new(task.id(), TaskStatus::Working, created, updated)
        .with_ttl_ms(milliseconds(task.lifetime()))
        .with_poll_interval_ms(milliseconds(POLL_INTERVAL));
    form.status_message = state.message;
    form
}

/// Returns a task with its result, if it has ended
pub(super) fn detailed(of: &Task) -> DetailedTask {
    let state = of.state();
    let payload = match state.answer().map(|answer| &**answer) {
        None => TaskPayload::Working,
        Some(Ok(answer)) if is_cancelled(answer) => TaskPayload::Cancelled,
        Some(Ok(answer)) => TaskPayload::Completed { result: members(&result(answer)) },
        Some(Err(error)) => TaskPayload::Failed { error: members(&unknown_tool(error)) },
    };
    DetailedTask::new(task(of), payload)
}

/// Returns whether a call ended because it was cancelled, and is known to have changed nothing
fn is_cancelled(answer: &ToolAnswer) -> bool {
    answer.error.as_ref().is_some_and(|error| error["error"]["code"] == ErrorCode::Cancelled.as_str())
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn members(value: &impl serde::Serialize) -> JsonObject {
    match serde_json::to_value(value) {
        Ok(Json::Object(members)) => members,
        _ => JsonObject::new(),
    }
}

pub(super) fn resource(card: ResourceCard) -> Resource {
    Resource::new(card.uri, card.name)
        .with_title(card.title)
        .with_description(card.description)
        .with_mime_type(TEXT)
}

pub(super) fn resource_template(card: ResourceCard) -> ResourceTemplate {
    ResourceTemplate::new(card.uri, card.name)
        .with_title(card.title)
        .with_description(card.description)
        .with_mime_type(TEXT)
}

pub(super) fn contents(uri: String, text: String) -> ReadResourceResult {
    ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(TEXT)])
}

pub(super) fn prompt(card: &PromptCard) -> Prompt {
    let argument = |(name, description): &(&str, &str)| {
        PromptArgument::new(*name).with_description(*description).with_required(true)
    };
    let arguments = card.arguments.iter().map(argument).collect();
    Prompt::new(card.name, Some(card.description), Some(arguments)).with_title(card.title)
}

pub(super) fn conversation(card: &PromptCard, parts: Vec<PromptPart>) -> GetPromptResult {
    let message = |part| match part {
        PromptPart::Text(text) => PromptMessage::new_text(Role::User, text),
        PromptPart::Resource { uri, text } => {
            PromptMessage::new_resource(Role::User, uri, Some(TEXT.to_owned()), Some(text), None, None, None)
        }
    };
    GetPromptResult::new(parts.into_iter().map(message).collect()).with_description(card.description)
}
