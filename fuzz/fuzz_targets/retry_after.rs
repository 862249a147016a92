//! `Retry-After` and `Date`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::devops::fuzzing::retry_after(input));
