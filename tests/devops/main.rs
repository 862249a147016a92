//! The client of Azure DevOps against a server that responds with literal bytes.

mod allowances;
mod broken;
#[cfg(all(feature = "store-vault", feature = "store-keyvault"))]
mod cloud;
mod collections;
mod connecting;
mod deadlines;
mod diagnoses;
mod downloads;
#[path = "../it/common/encodings.rs"]
#[allow(dead_code, reason = "only the search for a token is used here")]
mod encodings;
#[cfg(feature = "store-entra")]
mod entra;
mod faults;
mod fixture;
mod foreign;
mod headers;
mod http2;
#[cfg(all(feature = "store-vault", feature = "store-keyvault"))]
mod keyvault;
mod leaks;
mod lists;
mod old_certificates;
mod own_certificates;
mod pace;
mod people;
mod policy;
mod precedence;
mod preflight;
#[cfg(all(feature = "store-vault", feature = "store-keyvault"))]
mod proxies;
mod rate_limits;
mod redirects;
mod refusals;
mod responses;
mod revisions;
mod secure;
mod server;
mod server_words;
mod statuses;
#[cfg(all(feature = "store-vault", feature = "store-keyvault", feature = "simulator"))]
mod store_rules;
mod stores;
mod tokens;
mod trust;
#[cfg(feature = "store-entra")]
mod tunnel;
#[cfg(all(feature = "store-vault", feature = "store-keyvault"))]
mod vaults;
#[path = "../it/common/virtual_time.rs"]
mod virtual_time;
mod writes;
