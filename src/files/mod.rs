//! Files on this machine: regular ones alone, below folders that are allowed, and never through a link that was swapped in.
//!
//! What a flow reads and writes goes through [`Folders`]. What the operator or the command line names is opened
//! without waiting; by `open_trusted` and its like where a change to it by another user would widen what bots may do.

mod folders;
mod guarded;
mod opening;
mod part_file;
mod path_error;
mod place;
mod readers;
mod reason;
mod trust;
mod version_control;

pub use folders::Folders;
pub use guarded::Guarded;
pub use guarded::GuardedKind;
pub(crate) use opening::append_trusted;
pub(crate) use opening::open_trusted;
pub(crate) use opening::read;
pub(crate) use opening::read_trusted;
#[cfg(feature = "store-exec")]
pub(crate) use opening::trusted_program;
pub(crate) use part_file::PartFile;
pub use place::ReadableFile;
pub use place::WritableFile;
pub(crate) use readers::Readers;
pub(crate) use reason::failed;
pub(crate) use reason::help;
#[cfg(feature = "store-exec")]
pub(crate) use reason::is_refused;
pub(crate) use reason::reason;
