//! YAML pipelines.

mod create;
mod list;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Pipelines",
    actions: &[Entry::of::<list::ListPipelines>(), Entry::of::<create::CreatePipeline>()],
};

/// A pipeline
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    /// The pipeline's id
    id: u32,
    /// The pipeline's name
    name: String,
    /// The folder it is shown in, `\` being the root
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
    /// How often its definition was changed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
}
