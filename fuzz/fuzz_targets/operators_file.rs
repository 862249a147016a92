//! The operator's file.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::setup::fuzzing::operators_file(input));
