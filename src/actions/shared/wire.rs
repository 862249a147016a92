//! Parts of responses that several APIs of the service share: people, references, links.

use serde::Deserialize;

/// A person
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) unique_name: Option<String>,
    #[serde(default)]
    pub(crate) display_name: Option<String>,
}

/// A reference to a resource by id and name
#[derive(Default, Deserialize)]
pub(crate) struct NamedReference {
    #[serde(default)]
    pub(crate) id: Option<u32>,
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// The links of a resource
#[derive(Deserialize)]
pub(crate) struct Links {
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
    pub(crate) fn web(links: Option<Links>) -> Option<String> {
        links?.web?.href
    }
}
