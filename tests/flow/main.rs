//! Actions through the dispatcher against the simulator, over real HTTP.
#![cfg(feature = "simulator")]

mod approvals;
mod artifacts;
mod branches;
mod canary;
mod connecting;
mod definitions;
mod delayed_lists;
mod dispatching;
#[path = "../common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod examples;
mod files;
mod interruptions;
#[path = "../common/leaks.rs"]
mod leaks;
mod lost_responses;
mod new_projects;
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
mod short_pages;
mod support;
mod tolerance;
mod unverified;
#[path = "../common/virtual_time.rs"]
mod virtual_time;
mod work_items;
