//! Run trees and their sessions: who sees which session, by which name, until when.
//!
//! A root bot run with all its descendants is one run tree. The tree owns its sessions; nothing in
//! here lists, finds or closes a session of another tree. One tree is one plain state machine
//! (`state`) under one plain lock (`tree`); the registry only maps the id of a bot run to its tree.
//! What a session is connected to is no business of this room, so the connection is a type
//! parameter; the tests put a number there.

mod audit_id;
mod closure;
mod if_exists;
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
pub use quota::SessionLimits;
pub use registry::Entered;
pub use registry::Sessions;
pub use reservation::Reservation;
pub use reservation::Reserved;
pub use session::ClosedSession;
pub use session::Session;
pub use state::Counts;
