//! A lost response is never settled with the change of another call: for all actions that change something, with
//! rivals of the same user that differ in one input or in none.
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
