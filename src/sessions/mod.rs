//! Run trees and their sessions: which bot run can use which session, by which name, and for how long.
//!
//! A root bot run with all its descendants is one run tree. The tree owns its sessions; no function of
//! this room lists, finds or closes a session of another tree. Each tree is one plain state machine
//! (`state`) under one plain lock (`tree`); the registry only maps the id of a bot run to its tree.
//! This room does not depend on what a session is connected to, so the connection is a type
//! parameter; the tests use a number.

mod audit_id;
mod closure;
mod idle;
mod if_exists;
mod in_use;
mod messages;
mod names;
mod quota;
mod recent;
mod registry;
mod reservation;
mod run_id_text;
mod session;
mod state;
mod tree;

pub use if_exists::IfSessionExists;
pub use in_use::SessionInUse;
pub use quota::SessionLimits;
pub use registry::Entered;
pub use registry::Sessions;
pub use reservation::Reservation;
pub use reservation::Reserved;
pub use session::ClosedSession;
pub use session::Session;
pub use state::Counts;
