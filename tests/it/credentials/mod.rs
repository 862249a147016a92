//! The credential resolver through its public API: who may reference what, what is read, what is rejected.

mod binding;
mod canary;
#[cfg(all(unix, feature = "store-exec"))]
mod exec;
mod files;
mod naming;
mod shapes;
mod stated;
mod support;
