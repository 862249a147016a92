//! What several suites share.

pub(crate) mod encodings;
#[cfg(feature = "simulator")]
pub(crate) mod examples;
#[cfg(target_os = "linux")]
pub(crate) mod full;
pub(crate) mod leaks;
#[cfg(feature = "simulator")]
pub(crate) mod rewritten;
pub(crate) mod virtual_time;
