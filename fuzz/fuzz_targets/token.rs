//! Tokens, and references to them.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::contract::fuzzing::token_text(input));
