//! Organization URLs and other addresses.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::contract::fuzzing::url(input));
