//! Views of the catalogue: cards for hosts, the manifest, schemas, reference pages, needs of a flow.

mod card;
mod manifest;
mod needs;
mod reference;
mod schemas;

pub use card::ActionCard;
pub use card::Attribute;
pub use card::AttributeType;
pub use card::Choice;
pub use card::Output;
pub use card::Returns;
pub use card::action;
pub use card::actions;
pub use manifest::manifest;
pub use needs::FlowNeeds;
pub use needs::needs_table;
pub use schemas::action_schema;

pub use crate::actions::unknown_action;

/// The package's name in bot files and the manifest
pub const PACKAGE_NAME: &str = "AzureDevOps";

/// The generated files: path from the top of the project, and text
///
/// They are committed and never edited; a test fails when one of them differs from this.
pub fn artefacts() -> Vec<(String, String)> {
    let mut files = vec![
        ("package-manifest.json".to_owned(), json(&manifest())),
        ("schemas/invocation.json".to_owned(), json(&schemas::invocation())),
        ("schemas/outcome.json".to_owned(), json(&schemas::outcome())),
        ("docs/actions.md".to_owned(), reference::actions_page()),
        ("docs/errors.md".to_owned(), reference::errors_page()),
    ];
    files.extend(
        actions().iter().map(|card| (format!("schemas/{}.json", card.name), json(&action_schema(card)))),
    );
    files
}

fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
