//! World files of the simulator.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| azdo_simulator::fuzzing::world_file(input));
