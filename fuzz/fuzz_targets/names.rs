//! Names of repositories, branches, paths and other things.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::contract::fuzzing::names(input));
