//! Responses of a vault.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::credentials::fuzzing::vault_response(input));
