//! The audit records of calls: what they say, and the thread that writes them.

mod errors;
mod phrase;
mod recorder;
mod trail;

pub(super) use errors::not_begun;
pub(super) use errors::unrecorded;
pub(super) use recorder::Recorder;
pub(super) use trail::CallTrail;
pub use trail::ProcessOrigin;
pub(super) use trail::RecordParts;
