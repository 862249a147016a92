//! A small Azure DevOps on loopback HTTP: for trying bots and their failures without an organization, and for
//! tests. It shares no code with the client, and a green simulator is no evidence about the service itself.
//!
//! | file | what is in it |
//! |---|---|
//! | `simulator` | the running simulator: start, tokens, faults, journal |
//! | `setup` | what it starts with: a world described in code or in a file, or a saved one |
//! | `server/` | the socket; a request from its first byte to its response; faults and the journal; git over HTTP |
//! | `areas/` | the imitated requests, a folder for each area of the service; the catalogue of all routes |
//! | `route` | a row of that catalogue: path, version, scopes, permissions, handler |
//! | `state/` | what it holds while it runs, and how that is saved: Git, pipelines, releases, work items |
//! | `http/` | requests, responses, API versions, and the service's refusals word for word |
//! | `world/` | the parts of a described world, the switches, the versions of Azure DevOps Server |
//! | `auth/` | tokens, scopes, roles, permissions |
//! | `choice`, `names`, `lock` | enumerations by name or number, names without case, a lock |
//!
//! Each may import only what is below it in this table.

mod areas;
mod auth;
mod choice;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod lock;
mod names;
mod route;
mod server;
mod setup;
mod simulator;
mod state;
mod world;

pub use areas::ImitatedRequest;
pub use areas::imitated_requests;
pub use auth::ANONYMOUS_TOKEN;
pub use auth::CONDITIONAL_ACCESS_TOKEN;
pub use auth::ConditionalAccess;
pub use auth::EXPIRED_TOKEN;
pub use auth::Permission;
pub use auth::REDIRECT_TOKEN;
pub use auth::REVOKED_TOKEN;
pub use auth::Refusal;
pub use auth::RefusalForm;
pub use auth::Rejection;
pub use auth::RequiredPermissions;
pub use auth::Role;
pub use auth::SCOPES_TOKEN_PREFIX;
pub use auth::SIGNIN_PAGE_TOKEN;
pub use auth::TokenOptions;
pub use auth::UNAUTHORIZED_JSON_TOKEN;
pub use auth::is_special_token;
pub use choice::imitated_enumerations;
pub use route::KnownFrom;
pub use server::Fault;
pub use server::FaultPattern;
pub use server::JournalEntry;
pub use setup::World;
pub use simulator::Simulator;
pub use state::Snapshot;
pub use world::AnonymousIdentity;
pub use world::Artifact;
pub use world::ArtifactKind;
pub use world::BuildResult;
pub use world::CheckKind;
pub use world::CollectionToken;
pub use world::Condition;
pub use world::InvisibleFor;
pub use world::Organization;
pub use world::Pace;
pub use world::Pipeline;
pub use world::Policy;
pub use world::PolicyBuild;
pub use world::PolicyKind;
pub use world::Process;
pub use world::Project;
pub use world::RateLimit;
pub use world::ReleasePipeline;
pub use world::ReleaseStage;
pub use world::Repository;
pub use world::Resource;
pub use world::ResourceCheck;
pub use world::ResourceKind;
pub use world::Script;
pub use world::Server;
pub use world::Stage;
pub use world::Stale;
pub use world::Starts;
pub use world::Switches;
pub use world::TestResult;
pub use world::TestRun;
pub use world::UnknownOrganization;
pub use world::Unverified;
pub use world::User;
pub use world::Visibility;
pub use world::WaitingStage;
pub use world::WorldError;
