//! Checks a bot before it runs: reads its nodes, and collects faults, warnings and needs.

mod analysis;
mod checker;
mod fields;
mod needs;
mod origins;
mod outline;
mod output_reads;
mod packages;
mod reports;
mod variable_check;

pub use analysis::Analysis;
pub(crate) use checker::Checker;
pub(crate) use checker::Children;
pub(crate) use checker::NodeEntry;
pub(crate) use checker::NodeType;
pub(crate) use checker::Surroundings;
pub use needs::CredentialSource;
pub use needs::CredentialUse;
pub use needs::NodeNeeds;
pub use needs::NodeOrganizations;
pub(crate) use origins::ChildCall;
pub(crate) use origins::Origin;
pub(crate) use origins::Origins;
pub use outline::BotOutline;
pub use outline::OutlineKind;
pub use outline::OutlineRow;
pub use outline::OutlineSession;
pub use outline::SessionStep;
pub(crate) use output_reads::OutputReads;
pub use packages::UNSUPPORTED_PACKAGE;
pub(crate) use variable_check::FieldUse;
pub(crate) use variable_check::check_credentials;
pub(crate) use variable_check::check_fields;
pub(crate) use variable_check::follow_policy_fields;
