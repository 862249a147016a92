//! The overhead of the JSON-RPC host for a line, compared with a child that only echoes lines, and its throughput.
//!
//! The echo child has the same structure: one thread reads lines and sends them to the thread that writes. Rounds of
//! both alternate, and medians are compared. A figure over its bound is measured again, at most twice, since other
//! work on the machine can only increase it; then the bench fails.

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
