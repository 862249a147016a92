//! Why the vault has no secret at a path: the mount, its version, the path, or a deleted secret.

use http::StatusCode;
use serde::Deserialize;

use crate::contract::StoreResponse;
use crate::contract::printable;
use crate::credentials::hashicorp::HashiCorpVault;
use crate::credentials::hashicorp::KeyValueVersion;

/// The longest name of an engine that is quoted, in bytes: shorter than any token
const LONGEST_ENGINE: usize = 32;

/// What the vault knows of the mount that a path belongs to
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mount {
    /// A key-value engine, version 2
    SecondVersion,
    /// A key-value engine, version 1
    FirstVersion,
    /// Another engine
    OtherEngine(String),
    /// Another mount, which the path belongs to
    Elsewhere(String),
    /// None that the token of the vault can see
    Unseen,
    /// The vault did not say
    Unknown,
}

/// The response to `sys/internal/ui/mounts/PATH`
#[derive(Deserialize)]
struct MountResponse {
    data: MountRecord,
}

#[derive(Deserialize)]
struct MountRecord {
    path: String,
    #[serde(rename = "type")]
    engine: String,
    #[serde(default)]
    options: Option<MountOptions>,
}

#[derive(Deserialize)]
struct MountOptions {
    #[serde(default)]
    version: Option<String>,
}

/// The response to a secret whose latest version is deleted
#[derive(Deserialize)]
struct DeletedResponse {
    data: DeletedData,
}

#[derive(Deserialize)]
struct DeletedData {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    version: u64,
}

impl Mount {
    /// Reads the response to the question for the mount of a path below our own
    ///
    /// Messages quote what the response names, and a secret in it may be one that nothing knows. So a mount must be a
    /// part of the path that was asked for, and the name of an engine too short for a token.
    pub(super) fn of(response: Option<&StoreResponse>, own: &str, below: &str) -> Self {
        let Some(response) = response else { return Mount::Unknown };
        if matches!(response.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
            return Mount::Unseen;
        }
        let Ok(MountResponse { data }) = serde_json::from_slice(&response.body) else {
            return Mount::Unknown;
        };
        let path = data.path.trim_matches('/');
        if path != own {
            let is_asked = format!("{own}/{below}/").starts_with(&format!("{path}/"));
            return if is_asked { Mount::Elsewhere(printable(path, 256)) } else { Mount::Unknown };
        }
        let version = data.options.and_then(|options| options.version);
        match (data.engine.as_str(), version.as_deref()) {
            ("kv", Some("2")) => Mount::SecondVersion,
            ("kv" | "generic", _) => Mount::FirstVersion,
            (other, _) if other.len() <= LONGEST_ENGINE => Mount::OtherEngine(printable(other, 256)),
            _ => Mount::Unknown,
        }
    }
}

/// Returns the version that was deleted, if the response is that of a deleted secret
fn deleted_version(response: &StoreResponse) -> Option<u64> {
    serde_json::from_slice(&response.body).ok().map(|DeletedResponse { data }| data.metadata.version)
}

/// Returns the path below the mount, if a path has the mount, `data` or `v1` before it as the vault's own tool prints it
fn below_mount<'a>(path: &'a str, mount: &str) -> Option<&'a str> {
    let path = path.strip_prefix("v1/").unwrap_or(path);
    let below = path.strip_prefix(mount).and_then(|rest| rest.strip_prefix('/'));
    match below {
        Some(below) => Some(below.strip_prefix("data/").unwrap_or(below)),
        None => path.strip_prefix("data/"),
    }
}

impl HashiCorpVault {
    /// Returns the message and the help for a path without a readable secret
    ///
    /// `name` is the vault as messages name it; `path` and `key` are those of the reference.
    pub(super) fn missing(
        &self,
        name: &str,
        (path, key): (&str, &str),
        response: &StoreResponse,
        (mount, version): (&Mount, KeyValueVersion),
    ) -> (String, String) {
        let (own, shown, key) = (printable(&self.mount, 256), printable(path, 256), printable(key, 256));
        let setting = "`stores.vault.mount` in azdo-bot.toml";
        match mount {
            Mount::FirstVersion if version != KeyValueVersion::First => {
                return (
                    format!(
                        "{name} has a key-value engine of version 1 at \"{own}\", and `stores.vault.version` is 2"
                    ),
                    format!("Write `version = 1` in `stores.vault` of azdo-bot.toml, or correct {setting}."),
                );
            }
            Mount::SecondVersion if version != KeyValueVersion::Second => {
                return (
                    format!(
                        "{name} has a key-value engine of version 2 at \"{own}\", and `stores.vault.version` is 1"
                    ),
                    format!("Write `version = 2` in `stores.vault` of azdo-bot.toml, or correct {setting}."),
                );
            }
            Mount::OtherEngine(engine) => {
                return (
                    format!("{name} has the engine \"{engine}\" at \"{own}\", not a key-value engine"),
                    format!("Correct {setting}."),
                );
            }
            Mount::Elsewhere(other) => {
                return (
                    format!("{name} has no mount \"{own}\"; the path belongs to the mount \"{other}\""),
                    format!("Write \"{other}\" in {setting}, and only the path below it in the reference."),
                );
            }
            Mount::FirstVersion | Mount::SecondVersion | Mount::Unseen | Mount::Unknown => {}
        }
        if let Some(version) = deleted_version(response).filter(|_| response.status == StatusCode::NOT_FOUND)
        {
            return (
                format!(
                    "{name} has a secret at {shown}, but its latest version is deleted (version {version})"
                ),
                format!(
                    "Write a new version, or restore it: `bao kv undelete -mount={own} -versions={version} {shown}`."
                ),
            );
        }
        let not_seen = format!("{name} has no mount \"{own}\", or its token may not see it");
        let rest = below_mount(path, &self.mount).map(|rest| {
            format!(" The path begins with the mount or \"data\", which the reference leaves out: vault:{}#{key}.", printable(rest, 256))
        });
        let rest = rest.unwrap_or_default();
        match (response.status, mount) {
            (StatusCode::NOT_FOUND, Mount::Unseen) => (not_seen, format!("Correct {setting}.{rest}")),
            (StatusCode::NOT_FOUND, _) => (
                format!("{name} has no secret at {shown} in the mount \"{own}\""),
                format!("Write the secret there, or correct the reference or {setting}.{rest}"),
            ),
            _ => {
                let message = match mount {
                    Mount::Unseen => format!("{name} does not let its token read {shown}: {not_seen}"),
                    _ => format!("{name} does not let its token read {shown} in the mount \"{own}\""),
                };
                let data = match version {
                    KeyValueVersion::First => "",
                    KeyValueVersion::Second => "data/",
                };
                let help = format!(
                    "Give the token's policy `read` on {own}/{data}{shown}, or correct `stores.vault` in \
                     azdo-bot.toml; an expired token causes the same error.{rest}"
                );
                (message, help)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_that_the_tool_of_the_vault_prints_is_recognized() {
        for (path, below) in [
            ("secret/data/azdo/contoso", Some("azdo/contoso")),
            ("secret/azdo/contoso", Some("azdo/contoso")),
            ("v1/secret/data/azdo", Some("azdo")),
            ("data/azdo", Some("azdo")),
            ("azdo/contoso", None),
            ("secrets/azdo", None),
        ] {
            assert_eq!(below_mount(path, "secret"), below, "{path}");
        }
    }
}
