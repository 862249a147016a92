//! The service's HTTP: requests, responses, API versions and refusals.

pub(crate) mod call;
pub(crate) mod refusals;
pub(crate) mod response;
pub(crate) mod version;

pub(crate) use call::Call;
pub(crate) use call::Format;
pub(crate) use call::Target;
pub(crate) use response::Content;
pub(crate) use response::Outcome;
pub(crate) use response::Response;
pub(crate) use version::ApiVersions;
pub(crate) use version::Released;
pub(crate) use version::SINCE_7_0;
pub(crate) use version::SINCE_7_1;
