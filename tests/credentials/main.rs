//! Where tokens come from, seen from outside: who may name what, what is read, what is refused.

mod binding;
mod canary;
#[path = "../common/encodings.rs"]
mod encodings;
#[cfg(all(unix, feature = "store-exec"))]
mod exec;
mod files;
mod naming;
mod shapes;
mod stated;
mod support;
