//! How a connection is opened, and what its token and user can do.

pub(super) mod connect_error;
pub(super) mod connect_outcome;
pub(super) mod network;
pub(super) mod open;
pub(super) mod preflight;
pub(super) mod project_lookup;
