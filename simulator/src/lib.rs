//! A small Azure DevOps on loopback HTTP.
