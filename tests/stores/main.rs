//! Credential stores against the real thing; `scripts/test-stores` starts what they need.

#[path = "../it/common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod git;
mod keyring;
mod openbao;
mod support;
