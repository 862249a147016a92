//! Views of the catalogue: cards for hosts, the manifest, schemas, reference pages, needs of a flow.

mod action_schema;
mod artefacts;
mod call_schemas;
mod card;
mod json_file;
mod manifest;
mod needs;
mod portable_schema;
mod reference;

pub use crate::actions::ChoiceNeeds;
pub use crate::actions::FileUse;
pub use crate::actions::LostResponse;
pub use crate::actions::SessionUse;
pub use crate::actions::unknown_action;
pub use action_schema::action_schema;
pub use artefacts::artefacts;
pub(crate) use call_schemas::invocation_schema;
pub(crate) use call_schemas::outcome_schema;
pub use card::ActionCard;
pub use card::Attribute;
pub use card::AttributeType;
pub use card::Choice;
pub use card::OutputField;
pub use card::Returns;
pub use card::action;
pub use card::actions;
pub(crate) use json_file::json_file;
pub use manifest::PACKAGE_NAME;
pub use manifest::manifest;
pub(crate) use manifest::manifest_text;
pub use needs::FlowNeeds;
pub use needs::needs_table;
pub(crate) use portable_schema::portable_schema_of;
pub use reference::lost_responses_table;
