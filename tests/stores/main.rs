//! Credential stores against the real thing; `scripts/test-stores` starts what they need.

mod git;
mod keyring;
mod openbao;
mod support;
