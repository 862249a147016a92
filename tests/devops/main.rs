//! The road to Azure DevOps against a listener that answers with literal bytes.

mod broken;
mod connecting;
mod fixture;
mod headers;
mod leaks;
mod lists;
mod pace;
mod people;
mod policy;
mod precedence;
mod preflight;
mod redirects;
mod revisions;
mod secure;
mod server;
mod statuses;
mod stores;
mod tokens;
mod trust;
mod writes;
