//! The session store in Redis against a real `redis-server`, which each test starts on a socket of its own.
//!
//! `scripts/test-stores` installs the server and runs these tests.

#![cfg(unix)]

mod broker;
mod broker_failures;
mod connections;
#[expect(dead_code, reason = "other tests write the encodings too")]
#[path = "../it/common/encodings.rs"]
mod encodings;
mod failures;
mod idempotency;
mod limits;
mod processes;
mod rules;
mod sealed_tokens;
mod secrets;
mod server;
mod sessions;
