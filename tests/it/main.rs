//! The tests of the whole package, in one program: a change of the library links one test program instead of seven.
//!
//! Apart are those that take long (`lost_responses`), need real servers (`stores`, `live`), check the sources (`house`) or
//! set the logger of their process (`devops`).

mod bot;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod cli;
mod common;
mod credentials;
#[cfg(feature = "simulator")]
mod flow;
#[cfg(all(feature = "cli", feature = "mcp", feature = "simulator"))]
mod mcp;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod rpc;
mod sessions;
