//! Actions through the dispatcher against the simulator, over real HTTP: what a flow does and sees.
#![cfg(feature = "simulator")]

mod approvals;
mod artifacts;
mod behind;
mod branches;
mod canary;
mod connecting;
mod definitions;
mod dispatching;
#[path = "../common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod examples;
mod files;
#[path = "../common/leaks.rs"]
mod leaks;
mod lost_responses;
mod new_projects;
mod pages;
mod pipeline_runs;
mod pipelines;
mod preflight;
mod projects;
mod pull_requests;
mod rate_limits;
mod releases;
mod repositories;
mod requests;
mod saved_worlds;
mod scopes;
mod servers;
mod support;
mod tolerance;
mod trouble;
mod unverified;
#[path = "../common/virtual_time.rs"]
mod virtual_time;
mod work_items;
