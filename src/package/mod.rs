//! Views of the catalogue: cards for hosts, the manifest, schemas, reference pages, and the needs of a flow.

mod action_schema;
mod artefacts;
mod attribute;
mod automation_360;
mod call_schemas;
mod card;
mod description;
mod empty_outputs;
mod json_file;
mod manifest;
mod needs;
mod portable_schema;
mod reference;
mod run_tree_name;
#[cfg(feature = "mcp")]
mod tool;

pub use crate::actions::AlsoPerforms;
pub use crate::actions::ChoiceNeeds;
pub use crate::actions::Effect;
pub use crate::actions::FileUse;
pub use crate::actions::LostResponse;
pub use crate::actions::SessionUse;
pub use crate::actions::fields_advice;
pub use crate::actions::unknown_action;
pub use action_schema::action_schema;
pub use artefacts::artefacts;
pub use attribute::Attribute;
pub use attribute::AttributeType;
pub use attribute::Choice;
pub use attribute::OutputField;
pub use automation_360::Automation360;
pub use automation_360::GeneratedFile;
pub use automation_360::is_generated;
pub(crate) use call_schemas::invocation_schema;
pub(crate) use call_schemas::outcome_schema;
pub use card::ActionCard;
pub use card::Returns;
pub use card::action;
pub use card::actions;
pub use description::action_description;
pub use description::description;
pub(crate) use json_file::json_file;
pub use manifest::PACKAGE_NAME;
pub use manifest::PACKAGE_NAME_IN_AUTOMATION_360;
pub use manifest::PACKAGE_NAMES;
pub use manifest::PackageIdentity;
pub use manifest::is_package_name;
pub use manifest::manifest;
pub(crate) use manifest::manifest_hash;
pub use needs::FlowNeeds;
pub use needs::needs_table;
pub(crate) use portable_schema::portable_schema_of;
pub use reference::lost_responses_table;
pub use run_tree_name::RUN_TREE_NAME;
#[cfg(feature = "mcp")]
pub use tool::SESSION_ARGUMENT;
