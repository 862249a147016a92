//! What a connection is opened to, and with which credential.

use crate::contract::Credential;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;

/// What a connection is opened to, and with what
#[derive(Debug)]
pub struct ConnectRequest<'a> {
    /// The organization
    pub organization: &'a OrganizationUrl,
    /// The project, by name or id
    pub project: &'a ProjectName,
    /// The credential; the connection keeps it, to resolve it again when its token is refused
    pub credential: Credential,
    /// How its token signs in, unless the token itself says Bearer
    pub scheme: Scheme,
}
