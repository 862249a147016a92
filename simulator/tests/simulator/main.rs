//! The simulator over real HTTP, asked by a bare client that knows nothing of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asks;
mod builds;
mod client;
mod docs;
mod faults;
mod front_door;
mod git;
mod history;
mod items;
mod journal;
mod locations;
mod permissions;
mod pipelines;
mod projects;
mod rate_limits;
mod releases;
mod reviews;
mod runs;
mod saved;
mod scopes;
mod versions;
mod walk;
mod work_items;
mod world;
