//! Responses of Azure DevOps, and of what stands in front of it.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::devops::fuzzing::response(input));
