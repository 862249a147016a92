//! The commands as a person or a program meets them: the binary itself, its screens and exit codes.
#![cfg(feature = "simulator")]

mod call;
mod canary;
mod check;
mod doctor;
mod run;
mod support;
mod surface;
