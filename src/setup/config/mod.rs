//! The operator's file: its settings and their errors.

mod audit;
mod located;
mod named_files;
mod operator_file;
mod policy;
mod profiles;
pub(super) mod proxy;
mod session_store;
mod url_reference;

#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use located::Located;
pub(crate) use operator_file::NO_PROXY_FORMS;
pub(crate) use operator_file::OperatorFile;
#[cfg(feature = "cli")]
pub(crate) use profiles::DEFAULT_PROFILE;
#[cfg(feature = "cli")]
pub(crate) use profiles::Profile;
pub(crate) use session_store::StorePlace;
