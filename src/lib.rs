//! Azure DevOps for bots.
