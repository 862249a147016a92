//! The names of the credential stores.

/// The stores that a reference may name
pub const STORES: &[&str] = &["env", "file", "exec", "vault", "keyring", "entra", "keyvault"];
