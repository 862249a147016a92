//! The road to Azure DevOps against a listener that answers with literal bytes.

mod connecting;
mod fixture;
mod server;
