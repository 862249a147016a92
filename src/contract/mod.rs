//! The language of the house: values, invocations, outcomes, errors, needs and the kinds of input.
//!
//! Nothing here does input or output, and nothing here imports another room.

mod audit;
mod call;
mod code;
mod decode;
mod error;
mod invocation;
mod json;
mod kinds;
mod masker;
mod needs;
mod progress;
mod refusal;
mod scope;
mod secret;
mod token_source;
mod value;

pub use audit::AuditRecord;
pub use audit::AuditSink;
pub use call::Call;
pub use code::ErrorCode;
pub use decode::decode;
pub use decode::nearest;
pub use error::Error;
pub use error::Retry;
pub use error::printable;
pub use invocation::BotRunId;
pub use invocation::Failure;
pub use invocation::Invocation;
pub use invocation::Outcome;
pub use invocation::Success;
pub use json::JsonFault;
pub use json::MAX_DEPTH;
pub use json::read_json;
pub use kinds::*;
pub use masker::Masker;
pub use needs::Level;
pub use needs::Namespace;
pub use needs::Needs;
pub use needs::Permission;
pub use needs::permissions;
pub use progress::Progress;
pub use progress::Silent;
pub use refusal::Refusal;
pub use refusal::TextKind;
pub use scope::Scope;
pub use scope::least_token;
pub use secret::Secret;
pub use token_source::ConnectTarget;
pub use token_source::TokenSource;
pub use value::Dictionary;
pub use value::Number;
pub use value::Value;
