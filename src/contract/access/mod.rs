//! Access: the permissions and scopes that actions need, and what is known about them.

mod evidence;
mod needs;
mod permission;
pub mod permissions;
mod scope;
mod usage;
mod use_evidence;

pub use evidence::Evidence;
pub use evidence::Findings;
pub use evidence::Lacking;
pub use evidence::Sight;
pub use evidence::Standing;
pub use evidence::Verdict;
pub use needs::Needs;
pub use permission::Level;
pub use permission::Namespace;
pub use permission::Permission;
pub use scope::Scope;
pub use scope::least_token;
pub use usage::Usage;
pub use use_evidence::UseEvidence;
