//! Connection data, projects and permission evaluation.

pub(crate) mod connection_data;
pub(crate) mod projects;
pub(crate) mod security;
