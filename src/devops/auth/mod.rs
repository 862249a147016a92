//! The token of a connection: which user it belongs to, and when it is replaced.

pub(super) mod authenticator;
pub(super) mod connect_request;
pub(super) mod identity;
pub(super) mod resolve_token;
pub(super) mod sign_in_response;
pub(super) mod token_state;
