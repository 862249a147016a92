//! `azdo-bot test FOLDER`: runs the tests of bots against the simulator.

mod collector;
mod command;
mod comparison;
mod found;
mod junit;
mod outcome;
mod runner;
mod screen;
mod wildcard;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::test;
