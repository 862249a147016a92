//! The simulator over HTTP, with a plain client.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod access;
mod authentication;
mod builds;
mod client;
mod docs;
mod enumerations;
mod faults;
mod forms;
mod git;
mod git_http;
mod history;
mod items;
mod journal;
mod kept;
mod locations;
mod members;
mod permissions;
mod pipelines;
mod projects;
mod published;
mod rate_limits;
mod reads;
mod recycle_bin;
mod releases;
mod reviews;
mod runs;
mod sample_requests;
mod saved;
mod saved_queries;
mod scopes;
mod tls;
mod versions;
mod walk;
mod walk_world;
mod work_items;
mod world;
