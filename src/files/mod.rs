//! Files on this machine: only regular files, only below allowed folders, and never through a link that was swapped in.
//!
//! A flow reads and writes files through [`Folders`]. A file that the operator or the command line names is opened
//! without blocking, and by `open_trusted` where a change by another user would give bots more permissions.

mod creation;
mod encoding;
mod folder_entry;
mod folder_tree;
mod folders;
mod guarded;
mod identity;
mod opening;
mod part_file;
mod path_error;
mod place;
#[cfg(feature = "cli")]
mod private_folder;
mod readers;
mod reason;
mod trust;
mod version_control;

#[cfg(feature = "cli")]
pub(crate) use creation::create_folder;
#[cfg(feature = "cli")]
pub(crate) use creation::write;
pub(crate) use encoding::NotUtf8;
pub(crate) use encoding::utf8;
pub use folder_entry::FolderEntry;
pub use folder_entry::PathKind;
pub use folders::Folders;
pub use guarded::Guarded;
pub use guarded::GuardedKind;
#[cfg(feature = "cli")]
pub(crate) use identity::identity;
pub(crate) use identity::is_at;
pub(crate) use identity::name_count;
pub(crate) use opening::append_trusted;
pub(crate) use opening::open_trusted;
pub(crate) use opening::read;
#[cfg(all(feature = "cli", feature = "mcp"))]
pub(crate) use opening::read_secret;
pub(crate) use opening::read_trusted;
#[cfg(feature = "store-exec")]
pub(crate) use opening::trusted_program;
pub(crate) use part_file::PartFile;
pub use place::ReadableFile;
pub use place::WritableFile;
#[cfg(feature = "cli")]
pub(crate) use private_folder::PrivateFolder;
pub(crate) use readers::Readers;
pub(crate) use reason::failed;
pub(crate) use reason::folder_not_opened;
pub(crate) use reason::help;
#[cfg(feature = "store-exec")]
pub(crate) use reason::is_refused;
pub(crate) use reason::reason;
