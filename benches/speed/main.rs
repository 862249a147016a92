//! The overhead of the package over the bare requests: ratios to baselines of the same run.
//!
//! The simulator runs in a separate process; rounds of the package and of the bare client alternate, and medians are
//! compared. A figure over its bound is measured again, at most twice, since other work on the machine can only
//! increase it; then the bench fails. An argument selects one group of figures: `cargo bench --bench speed -- sessions`.

mod bare;
mod bots;
mod control;
mod figures;
mod house;
mod large;
mod load;
mod memory;
mod process;
mod raw;
mod requests;
mod sessions;

use std::process::Command;
use std::process::ExitCode;

use figures::Figure;

/// The argument that selects the large work
const LARGE: &str = "large";

fn main() -> ExitCode {
    // The bare client needs a provider, although it does not use TLS here.
    rustls::crypto::ring::default_provider().install_default().expect("no other code installed one");
    house::stay_on_processor(1);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let group = |name: &str| match name {
        "requests" => runtime.block_on(requests::measure()),
        "sessions" => runtime.block_on(sessions::measure()),
        "control" => runtime.block_on(control::measure()),
        "load" => runtime.block_on(load::measure()),
        "bots" => runtime.block_on(bots::measure()),
        "process" => vec![process::measure()],
        LARGE => runtime.block_on(large::measure()),
        _ => panic!("no group of figures is named {name}"),
    };
    if let Some(name) = std::env::args().skip(1).find(|argument| argument != "--bench") {
        return verdict(&group(&name));
    }
    let own = verdict(&["requests", "sessions", "control", "load", "bots", "process"].map(group).concat());
    // The large work has a separate process, so that each process has its own memory peak.
    let itself = std::env::current_exe().expect("this program has a path");
    let large = Command::new(itself).arg(LARGE).status().expect("it starts again");
    if large.success() { own } else { ExitCode::FAILURE }
}

fn verdict(figures: &[Figure]) -> ExitCode {
    figures::print(figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
