//! The simulator over real HTTP, asked by a bare client that knows nothing of it.

mod client;
mod front_door;
mod git;
mod projects;
mod scopes;
mod versions;
