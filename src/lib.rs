//! The floor plan.
pub mod contract;
