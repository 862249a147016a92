//! What serves an organization, which decides the words of messages. Decision 0155.

/// What serves an organization: decides the words for it in messages and help
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ServiceKind {
    /// Azure DevOps Services, which has organizations
    #[default]
    Hosted,
    /// An Azure DevOps Server, which has collections
    Server,
}

impl ServiceKind {
    /// Returns what it calls an organization
    pub const fn organization(self) -> &'static str {
        match self {
            ServiceKind::Hosted => "organization",
            ServiceKind::Server => "collection",
        }
    }

    /// Returns the name of the settings pages of an organization
    pub const fn settings(self) -> &'static str {
        match self {
            ServiceKind::Hosted => "Organization settings",
            ServiceKind::Server => "Collection settings",
        }
    }
}
