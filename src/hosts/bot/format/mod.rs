//! The format of bot files.

mod attributes;
mod bot_file;
mod child_bots;
mod members;
mod rare;
mod reading;

pub(crate) use bot_file::MAX_BYTES;
pub(crate) use bot_file::RawAttribute;
pub(crate) use bot_file::RawAttributes;
pub(crate) use bot_file::RawBot;
pub(crate) use bot_file::RawEntry;
pub(crate) use bot_file::RawField;
pub(crate) use bot_file::RawNode;
pub(crate) use bot_file::RawValue;
pub(crate) use bot_file::RawVariable;
pub(crate) use child_bots::RUN_TASK;
pub(crate) use child_bots::child_path;
pub(crate) use child_bots::child_paths;
pub(crate) use child_bots::creates_folders;
pub(crate) use reading::read_bot_file;
