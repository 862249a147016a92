//! The simulator over real HTTP, asked by a bare client that knows nothing of it.

mod builds;
mod client;
mod faults;
mod front_door;
mod git;
mod items;
mod journal;
mod permissions;
mod pipelines;
mod projects;
mod runs;
mod scopes;
mod versions;
mod world;
