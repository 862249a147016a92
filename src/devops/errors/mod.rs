//! The errors of requests: from a response, from the connection, and from the sign-in.

pub(super) mod auth_error;
pub(super) mod certificate_error;
pub(super) mod certificate_fault;
pub(super) mod denied;
pub(super) mod error_text;
pub(super) mod foreign_response;
pub(super) mod outcome_unknown;
pub(super) mod rate_limit_error;
pub(super) mod response_error;
pub(super) mod scope_missing;
pub(super) mod seen_from;
pub(super) mod token_refusal;
pub(super) mod transport_error;
