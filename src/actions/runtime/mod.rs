//! The runtime of actions: the trait, the catalogue's entries, the context of a call, and the session.

mod action;
mod audited_object;
mod context;
mod entry;
mod local_time;
mod lost_response;
mod open_session;
mod services;
mod shared_connection;
mod web_url;

pub use action::Action;
pub use action::AlsoPerforms;
pub use action::ChoiceNeeds;
pub use action::Effect;
pub use action::Example;
pub use action::FileUse;
pub use action::LostResponse;
pub use action::SessionUse;
pub use audited_object::AuditedObject;
pub use context::Context;
pub use context::Notes;
pub use context::RequestedConnection;
pub use entry::Entry;
pub use entry::Group;
pub use entry::Prepared;
pub(crate) use lost_response::Candidate;
pub(crate) use lost_response::Comparison;
pub(crate) use lost_response::Created;
pub(crate) use lost_response::Mark;
pub(crate) use lost_response::named;
pub(crate) use lost_response::with_candidates;
pub use open_session::OpenSession;
pub use services::Polling;
pub use services::Services;
pub(crate) use shared_connection::shared_record;
pub(crate) use web_url::web_url;
