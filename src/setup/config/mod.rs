//! The operator's file: what it may say, and how its mistakes are shown.

mod located;
mod operator_file;
pub(super) mod proxy;
mod setting_error;
mod stores;

pub(crate) use operator_file::OperatorFile;
