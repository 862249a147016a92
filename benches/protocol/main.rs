//! How much the JSON-RPC host adds to a line, against a child that only echoes lines, and how fast it goes.
//!
//! The echo child has the same shape: a thread that reads lines and hands them to the one that writes.
//! Rounds of both alternate and medians are compared. A figure over its bound is measured again, twice at
//! most, since other work on the machine only ever adds; then the bench fails.

mod child;
mod echo;
#[path = "../speed/figures.rs"]
mod figures;
mod measures;

use std::process::ExitCode;

use figures::Figure;
use figures::best;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(echo::ARGUMENT) {
        echo::run();
        return ExitCode::SUCCESS;
    }
    let figures = [
        best(measures::round_trip),
        best(measures::refused_in_flight),
        best(measures::actions_in_flight),
        best(measures::end_with_work_in_flight),
    ];
    figures::print(&figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
