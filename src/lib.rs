//! The floor plan.
pub mod contract;
pub mod devops;
pub mod sessions;
