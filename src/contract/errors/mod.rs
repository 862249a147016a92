//! Errors and warnings: stable codes, the error type, and suggestions of similar names.

pub(super) mod change_in_flight;
mod code;
pub(super) mod error;
mod error_json;
mod meanings;
pub(super) mod policy_rule;
mod service_kind;
mod suggest;
mod warning;

pub use change_in_flight::ChangeInFlight;
pub use code::ErrorCode;
pub use error::Error;
pub use error::Retry;
pub use meanings::MEANINGS;
pub use policy_rule::PolicyRule;
pub use policy_rule::counted;
pub use service_kind::ServiceKind;
pub use suggest::did_you_mean;
pub use suggest::near_names;
pub use suggest::nearest;
pub use warning::Warning;
pub use warning::WarningCode;
