//! A lost response is never settled with the change of another call. Tested for all actions that change something, with
//! rivals of the same user whose inputs are equal or differ in one.
#![cfg(all(feature = "cli", feature = "simulator"))]

mod cases;
mod commits;
mod processes;
mod proxy;
mod random;
mod rivals;
mod schedule;
mod serve;
mod verification;
mod wire;
