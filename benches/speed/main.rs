//! How much the package adds to the bare requests: ratios against baselines of the same run.
//!
//! The simulator runs in a process of its own; package and bare client take turns, round by round,
//! and medians are compared. A figure over its bound is measured again, twice at most, since other
//! work on the machine only ever adds; then the bench fails.

mod figures;
mod house;
mod large;
mod memory;
mod process;
mod raw;
mod requests;
mod sessions;

use std::process::Command;
use std::process::ExitCode;

use figures::Figure;

/// The argument that asks for what is large
const LARGE: &str = "large";

fn main() -> ExitCode {
    // The bare client asks for one, though it never uses TLS here.
    rustls::crypto::ring::default_provider().install_default().expect("nothing else installed one");
    house::stay_on_processor(1);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    // What is large has a process of its own, so that the memory of neither hides the other's.
    if std::env::args().any(|argument| argument == LARGE) {
        return verdict(&runtime.block_on(large::measure()));
    }
    let mut figures: Vec<Figure> = Vec::new();
    figures.extend(runtime.block_on(requests::measure()));
    figures.extend(runtime.block_on(sessions::measure()));
    figures.push(process::measure());
    let own = verdict(&figures);
    let itself = std::env::current_exe().expect("it was started from a file");
    let large = Command::new(itself).arg(LARGE).status().expect("it starts again");
    if large.success() { own } else { ExitCode::FAILURE }
}

fn verdict(figures: &[Figure]) -> ExitCode {
    figures::print(figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
