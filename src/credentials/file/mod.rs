//! The store `file`.

mod store;

pub(super) use store::FileStore;
pub(super) use store::MOUNTED;
