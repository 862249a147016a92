//! The traits that hosts and other rooms implement: token sources, store clients, audit, progress.

mod audit;
mod progress;
mod store_client;
mod token_source;

pub use audit::AUDIT_FORMAT;
pub use audit::AuditField;
pub use audit::AuditHost;
pub use audit::AuditIdentity;
pub use audit::AuditObject;
pub use audit::AuditOutcome;
pub use audit::AuditPhase;
pub use audit::AuditRecord;
pub use audit::AuditSink;
pub use progress::Progress;
pub use progress::Silent;
pub use store_client::StoreClient;
pub use store_client::StoreRequest;
pub use store_client::StoreResponse;
pub use token_source::ConnectTarget;
pub use token_source::Stated;
pub use token_source::TokenSource;
