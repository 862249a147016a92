//! The package in the vendor's manifest format: `package-manifest.json`, and the basis of the installable `package.json`.

mod command;
mod dialog;
mod identity;
mod output;
mod texts;

use ring::digest;
use serde_json::Value as Json;

pub(super) use crate::package::manifest::command::ARTIFACT_NAME;
pub(super) use crate::package::manifest::command::PACKAGE_ICON;
pub(super) use crate::package::manifest::command::Writer;
pub(super) use crate::package::manifest::command::command_class;
pub(super) use crate::package::manifest::command::group_icon;
pub(super) use crate::package::manifest::dialog::modes;
pub(super) use crate::package::manifest::dialog::type_name;
pub use crate::package::manifest::identity::PACKAGE_NAME;
pub use crate::package::manifest::identity::PACKAGE_NAME_IN_AUTOMATION_360;
pub use crate::package::manifest::identity::PACKAGE_NAMES;
pub use crate::package::manifest::identity::PackageIdentity;
pub use crate::package::manifest::identity::is_package_name;
pub(super) use crate::package::manifest::texts::Texts;

use crate::package::ActionCard;
use crate::package::actions;
use crate::package::json_file;

/// Returns the manifest, from which a designer shows the package
///
/// The keys are the vendor's, except for `modes`, the ways to give an input.
pub fn manifest() -> Json {
    with_commands(actions())
}

/// Returns the manifest without its commands
pub(super) fn head() -> Json {
    with_commands(&[])
}

fn with_commands(cards: &[&ActionCard]) -> Json {
    let identity = PackageIdentity {
        name: PACKAGE_NAME.to_owned(),
        label: "Azure DevOps".to_owned(),
        ..PackageIdentity::default()
    };
    let (package, _) = Writer::of_this_project(&identity).package(cards.iter().copied());
    package
}

/// Returns the text of `package-manifest.json`
pub(super) fn manifest_text() -> String {
    json_file(&manifest())
}

/// The hash of the manifest, which takes longer to make than a host waits for its first response
const HASH: &str = include_str!("hash.txt");

/// Returns the SHA-256 of `package-manifest.json`, in hex
pub(crate) fn manifest_hash() -> &'static str {
    HASH.trim_ascii_end()
}

/// Returns the text of the file with the hash of a manifest
pub(super) fn hash_file(manifest: &str) -> String {
    let hash = digest::digest(&digest::SHA256, manifest.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n"
}

/// Returns what the manifest says about the outputs of an action
pub(super) fn returns(card: &ActionCard) -> serde_json::Map<String, Json> {
    Writer::of_this_project(&PackageIdentity::default()).returns(card)
}
