//! The operator's file: what it may say, and how its mistakes are shown.

mod located;
pub(super) mod operator_file;
pub(super) mod proxy;
mod setting_error;
mod stores;
