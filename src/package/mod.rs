//! Views of the catalogue: cards for hosts, the manifest, schemas, reference pages, needs of a flow.

mod card;
mod manifest;
mod needs;
mod protocol;
mod reference;
mod schemas;

pub use crate::actions::ChoiceNeeds;
pub use crate::actions::FileUse;
pub use crate::actions::LostResponse;
pub use crate::actions::SessionUse;
pub use card::ActionCard;
pub use card::Attribute;
pub use card::AttributeType;
pub use card::Choice;
pub use card::OutputField;
pub use card::Returns;
pub use card::action;
pub use card::actions;
pub use manifest::manifest;
pub use needs::FlowNeeds;
pub use needs::needs_table;
pub use protocol::BotRunEnded;
pub use protocol::BotRunStarted;
pub use protocol::Cancel;
pub use protocol::EndBotRun;
pub use protocol::HostCapabilities;
pub use protocol::HostName;
pub use protocol::Initialize;
pub use protocol::Initialized;
pub use protocol::NamedCredential;
pub use protocol::PROTOCOL;
pub use protocol::PackageCapabilities;
pub use protocol::PackageVersion;
pub use protocol::Progressed;
pub use protocol::ProtocolRange;
pub use protocol::RequestId;
pub use protocol::ResolveCredential;
pub use protocol::ResolvedCredential;
pub use protocol::StartBotRun;
pub use reference::lost_responses_table;
pub use schemas::action_schema;

pub use crate::actions::unknown_action;

/// The package's name in bot files and the manifest
pub const PACKAGE_NAME: &str = "AzureDevOps";

/// The generated files: path from the top of the project, and text
///
/// They are committed and never edited; a test fails when one of them differs from this.
pub fn artefacts() -> Vec<(String, String)> {
    let mut files = vec![
        ("package-manifest.json".to_owned(), manifest_text()),
        ("schemas/invocation.json".to_owned(), json(&schemas::invocation())),
        ("schemas/outcome.json".to_owned(), json(&schemas::outcome())),
        ("docs/actions.md".to_owned(), reference::actions_page()),
        ("docs/errors.md".to_owned(), reference::errors_page()),
    ];
    files.extend(
        actions().iter().map(|card| (format!("schemas/{}.json", card.name), json(&action_schema(card)))),
    );
    files.extend(
        protocol::protocol_schemas()
            .into_iter()
            .map(|(name, schema)| (format!("schemas/protocol/{name}.json"), json(&schema))),
    );
    files
}

/// `package-manifest.json`, byte by byte
fn manifest_text() -> String {
    json(&manifest())
}

fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
