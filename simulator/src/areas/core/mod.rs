//! Connection data, projects, teams, users and permissions.

pub(crate) mod access_lists;
pub(crate) mod connection_data;
pub(crate) mod graph;
pub(crate) mod namespaces;
pub(crate) mod project_changes;
pub(crate) mod projects;
pub(crate) mod security;
pub(crate) mod teams;
