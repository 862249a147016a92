//! The audit trail outside of this process: chained lines in a file or in the system's log, and their verification.
//!
//! Each line has a number and the hashes of itself and of the line before it. `docs/audit.md` says what that shows.

mod chain;
mod destination;
mod file;
mod rotation;
#[cfg(unix)]
mod syslog;
#[cfg(not(unix))]
#[path = "no_syslog.rs"]
mod syslog;
mod tail;
mod verify;

pub use chain::ChainFields;
pub use destination::AuditDestination;
pub use destination::open;
pub use verify::Verification;
pub use verify::VerifyInput;
pub use verify::verify;
