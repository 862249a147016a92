//! A small Azure DevOps on loopback HTTP: for trying bots and their failures without an organization, and for
//! tests. It shares no code with the client, and a green simulator is no evidence about the service itself.
//!
//! | file | what is in it |
//! |---|---|
//! | `simulator` | the running simulator: start, tokens, faults, journal |
//! | `world/` | what it holds when it starts, built in code or read from a file; the switches; a server's version |
//! | `state/` | what it holds while it runs, and how that is saved; git objects, pushes, the states of pipeline runs |
//! | `listener`, `service`, `gate` | the socket; a request from its first byte to its answer |
//! | `authentication`, `tokens`, `special`, `scopes`, `permissions` | who may do what, and how it says no |
//! | `route`, `required_permissions` | what a route says of itself: path, versions, scopes, permissions, handler |
//! | `routes/` | one file an area: the requests it imitates |
//! | `choice` | enumerations, by name or number |
//! | `answer`, `headers`, `version`, `refusals/` | answers and their form, and the service's refusals word for word |
//! | `archive` | artifacts as files |
//! | `faults`, `journal` | what goes wrong on demand; what came in |

mod archive;
mod authentication;
mod call;
mod choice;
mod faults;
mod gate;
mod headers;
mod journal;
mod listener;
mod magic_tokens;
mod names;
mod permissions;
mod refusals;
mod required_permissions;
mod response;
mod route;
mod routes;
mod scopes;
mod service;
mod simulator;
mod state;
mod tokens;
mod users;
mod version;
mod world;

pub use faults::Fault;
pub use faults::FaultPattern;
pub use journal::JournalEntry;
pub use magic_tokens::ANONYMOUS_TOKEN;
pub use magic_tokens::CONDITIONAL_ACCESS_TOKEN;
pub use magic_tokens::EXPIRED_TOKEN;
pub use magic_tokens::REDIRECT_TOKEN;
pub use magic_tokens::REVOKED_TOKEN;
pub use magic_tokens::SCOPES_TOKEN_PREFIX;
pub use magic_tokens::SIGNIN_PAGE_TOKEN;
pub use magic_tokens::UNAUTHORIZED_JSON_TOKEN;
pub use magic_tokens::is_special_token;
pub use permissions::Permission;
pub use required_permissions::RequiredPermissions;
pub use simulator::Simulator;
pub use state::Snapshot;
pub use tokens::TokenOptions;
pub use users::Role;
pub use world::AnonymousIdentity;
pub use world::Artifact;
pub use world::ArtifactKind;
pub use world::BuildResult;
pub use world::CollectionToken;
pub use world::Condition;
pub use world::InvisibleFor;
pub use world::Organization;
pub use world::Pace;
pub use world::Pipeline;
pub use world::Policy;
pub use world::PolicyBuild;
pub use world::PolicyKind;
pub use world::Project;
pub use world::RateLimit;
pub use world::Rejection;
pub use world::ReleasePipeline;
pub use world::ReleaseStage;
pub use world::Repository;
pub use world::Resource;
pub use world::ResourceKind;
pub use world::Script;
pub use world::Server;
pub use world::Stage;
pub use world::Stale;
pub use world::Starts;
pub use world::Switches;
pub use world::UnknownOrganization;
pub use world::Unverified;
pub use world::User;
pub use world::Visibility;
pub use world::WaitingStage;
pub use world::World;
pub use world::WorldError;

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// Locks, also after a panic elsewhere: what is behind the lock is plain data that stays usable.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The requests that are imitated as [`imitated_requests`] has them, with what each takes of its user.
pub fn permissions_of_requests() -> Vec<(String, RequiredPermissions)> {
    routes::all().map(|route| (route.describe(), route.takes)).collect()
}

/// The requests that are imitated, one a line as `METHOD path` with placeholders in braces, in no order.
pub fn imitated_requests() -> Vec<String> {
    routes::all().map(route::Route::describe).collect()
}
