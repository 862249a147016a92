//! The request to open a connection: organization, project, and credential.

use crate::contract::Credential;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;

/// The request to open a connection
#[derive(Debug)]
pub struct ConnectRequest<'a> {
    /// The organization
    pub organization: &'a OrganizationUrl,
    /// The project, by name or id
    pub project: &'a ProjectName,
    /// The credential; the connection keeps it, to resolve it again when the service rejects its token
    pub credential: Credential,
    /// The scheme of its token, unless the token itself requires Bearer
    pub scheme: Scheme,
}
