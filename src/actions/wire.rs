//! What several areas of the service write alike: people, references, links.

use serde::Deserialize;

/// Somebody
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) unique_name: Option<String>,
    #[serde(default)]
    pub(super) display_name: Option<String>,
}

/// A thing where it is referred to
#[derive(Default, Deserialize)]
pub(super) struct NamedReference {
    #[serde(default)]
    pub(super) id: Option<u32>,
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// Where a thing is found
#[derive(Deserialize)]
pub(super) struct Links {
    #[serde(default)]
    web: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    href: Option<String>,
}

impl Links {
    /// The address in a browser
    pub(super) fn web(links: Option<Links>) -> Option<String> {
        links?.web?.href
    }
}
