//! Expressions of bot files.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_bot::hosts::bot::fuzzing::expression(input));
