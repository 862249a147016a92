//! Lines of a JSON-RPC host.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::hosts::json_rpc::fuzzing::json_rpc_line(input));
