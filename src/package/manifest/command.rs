//! The package and its commands.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::package::ActionCard;
use crate::package::manifest::identity::PackageIdentity;
use crate::package::manifest::texts::Texts;

/// The systems of the vendor's agent that a package may target without the vendor's signature, and that it is built for
const TARGETS: [&str; 1] = ["WINDOWS"];

/// The oldest Control Room and agent that know sessions as outputs
const OLDEST_CONTROL_ROOM: &str = "10520";
const OLDEST_AGENT: &str = "21.98";

/// The name of the package's jar, without its version
pub(in crate::package) const ARTIFACT_NAME: &str = "azure-devops";

/// The icon of the package
pub(in crate::package) const PACKAGE_ICON: &str = "azure-devops.svg";

/// Writes a manifest
pub(in crate::package) struct Writer<'a> {
    pub(super) identity: &'a PackageIdentity,
    pub(super) texts: Texts,
    /// Whether the manifest is for the vendor's designer: no keys of this project, and nothing that cannot work there
    pub(super) for_vendor: bool,
}

impl<'a> Writer<'a> {
    /// Returns the writer of `package-manifest.json`
    pub(in crate::package) const fn of_this_project(identity: &'a PackageIdentity) -> Self {
        Writer { identity, texts: Texts::Literal, for_vendor: false }
    }

    /// Returns the writer of the installable `package.json`
    pub(in crate::package) fn for_vendor(identity: &'a PackageIdentity) -> Self {
        Writer { identity, texts: Texts::Keyed(indexmap::IndexMap::new()), for_vendor: true }
    }

    /// Returns the manifest of a package with these actions, and its texts
    pub(in crate::package) fn package<'c>(
        mut self,
        cards: impl Iterator<Item = &'c ActionCard>,
    ) -> (Json, Texts) {
        let version = env!("CARGO_PKG_VERSION");
        let label = self.texts.put("package.label", &self.identity.label);
        let description = self.texts.put(
            "package.description",
            "Work on Azure DevOps repositories, pipelines and pipeline runs through one authenticated session",
        );
        // A session variable is chosen by this label, also where the vendor's package is installed.
        let session_label = self.texts.put("session.label", &format!("{} session", self.identity.label));
        let session_description = self.texts.put(
            "session.description",
            "An authenticated connection to one Azure DevOps organization and project",
        );
        let package = json!({
            "name": self.identity.name,
            "label": label,
            "description": description,
            "group": self.identity.group,
            "artifactName": ARTIFACT_NAME,
            "packageVersion": version,
            "codeVersion": version,
            "author": "azdo-bot",
            "icon": PACKAGE_ICON,
            "sessionType": {
                "label": session_label,
                "description": session_description,
                "allowedTargets": TARGETS,
            },
            "commands": cards.map(|card| self.command(card)).collect::<Vec<_>>(),
        });
        (package, self.texts)
    }

    fn command(&mut self, card: &ActionCard) -> Json {
        let group = self.texts.put(&format!("group.{}.label", slug(card.group)), card.group);
        let mut command = object(json!({
            "name": card.name,
            "label": self.texts.put(&format!("{}.label", card.name), &card.label),
            "groupLabel": group,
            "description": self.texts.put(&format!("{}.description", card.name), &description(card)),
            "nodeLabel": self.texts.put(&format!("{}.nodeLabel", card.name), &card.node),
            "mainClass": format!("{}.commands.{}", self.identity.group, command_class(card)),
            "icon": group_icon(card.group),
            "allowedAgentTargets": TARGETS,
            "minimumControlRoomVersion": OLDEST_CONTROL_ROOM,
            "minimumBotAgentVersion": OLDEST_AGENT,
            "attributes": self.dialog(card),
        }));
        command.extend(self.returns(card));
        command.into()
    }
}

/// Returns the name of the Java class of an action: `CreateRepositoryCommand`
pub(in crate::package) fn command_class(card: &ActionCard) -> String {
    let (first, rest) = card.name.split_at(1);
    format!("{}{rest}Command", first.to_ascii_uppercase())
}

/// Returns the icon of a group: `pull-requests.svg`
pub(in crate::package) fn group_icon(group: &str) -> String {
    format!("{}.svg", slug(group))
}

/// Returns a group in lower case, with hyphens: `pull-requests`
fn slug(group: &str) -> String {
    group.to_ascii_lowercase().replace(' ', "-")
}

fn description(card: &ActionCard) -> String {
    if card.details.is_empty() {
        return card.summary.clone();
    }
    format!("{}. {}", card.summary, card.details.replace("\n\n", " ").replace('\n', " "))
}

pub(super) fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}
