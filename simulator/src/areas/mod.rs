//! The imitated requests: a folder for each area of the service, with a table of routes in each file.

mod build;
mod catalogue;
mod core;
mod git;
mod identities;
mod locations;
mod pipelines;
mod policy;
mod properties;
mod release;
mod service_areas;
mod shapes;
mod work;

pub(crate) use build::archive;
pub use catalogue::ImitatedRequest;
pub(crate) use catalogue::Lookup;
pub(crate) use catalogue::all;
pub(crate) use catalogue::find;
pub use catalogue::imitated_requests;
pub(crate) use catalogue::locations;
