//! Connection data, projects and permission evaluation.

pub(crate) mod connection_data;
pub(crate) mod namespaces;
pub(crate) mod projects;
pub(crate) mod security;
pub(crate) mod teams;
