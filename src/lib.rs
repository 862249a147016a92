//! The floor plan.
pub mod contract;
pub mod credentials;
pub mod sessions;
