//! The credential stores against real programs and servers, which `scripts/test-stores` starts.

#[path = "../it/common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod git;
mod keyring;
mod openbao;
mod support;
