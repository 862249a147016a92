//! The package compared with its floor: the same requests by the same HTTP client, and serde into the same fields.
//!
//! A separate process replays responses in the form of the service's. Each figure is measured in processes of its own.
//! Instructions are counted by callgrind, in the process of the client only: a run with twice as many actions minus one
//! with as many, so that the start, Connect and the server do not count. Run: `cargo bench --profile dist --bench floor`.
//! The argument `profile package` counts the instructions of each function; `instructions` compares only their number.

#[path = "../speed/bare.rs"]
mod bare;
mod callgrind;
#[path = "../speed/figures.rs"]
#[expect(dead_code, reason = "the other benches use the rest")]
mod figures;
mod floor;
mod package;
mod records;
mod replay;
mod server;
mod work;

use std::process::ExitCode;

use crate::figures::Figure;
use crate::server::Server;
use crate::server::itself;
use crate::server::on_processor;
use crate::work::Done;
use crate::work::Who;

/// The actions of one run
const ACTIONS: usize = 4000;
/// The rounds of a figure; the best one counts
const ROUNDS: usize = 7;

fn main() -> ExitCode {
    // The bare client needs a provider, although it does not use TLS here.
    rustls::crypto::ring::default_provider().install_default().expect("no other code installed one");
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let figures = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => {
            server::run();
            return ExitCode::SUCCESS;
        }
        ["run", who, times, in_flight, server] => {
            let number = |text: &str| text.parse().expect("a number");
            let who = Who::parse(who).expect("package or floor");
            show(&work::run(who, number(times), number(in_flight), server.parse().expect("an address")));
            return ExitCode::SUCCESS;
        }
        ["profile", who] => {
            callgrind::profile(&Server::start(), Who::parse(who).expect("package or floor"));
            return ExitCode::SUCCESS;
        }
        ["instructions"] => callgrind::instructions(&Server::start()).into_iter().collect(),
        _ => compare(),
    };
    figures::print(&figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "the process that started this one reads it")]
fn show(done: &Done) {
    println!("{}", serde_json::to_string(done).expect("it is JSON"));
}

/// Runs one process, after the words of a tool, and returns its figures
fn run(tool: &[&str], who: Who, times: usize, in_flight: usize, server: &Server) -> Done {
    let output = itself(tool)
        .args(["run", who.as_str(), &times.to_string(), &in_flight.to_string(), &server.address.to_string()])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints its figures")
}

/// Returns the best figures of both, in interleaved rounds
fn best(times: usize, in_flight: usize, server: &Server) -> [Done; 2] {
    let tool = on_processor("1");
    let once = || [Who::Package, Who::Floor].map(|who| run(&tool, who, times, in_flight, server));
    let mut best = once();
    for _ in 1..ROUNDS {
        for (best, again) in best.iter_mut().zip(once()) {
            best.seconds = best.seconds.min(again.seconds);
            best.peak = best.peak.min(again.peak);
        }
    }
    best
}

fn compare() -> Vec<Figure> {
    let server = Server::start();
    let mut figures: Vec<Figure> = callgrind::instructions(&server).into_iter().collect();
    let each = |done: &Done| done.seconds * 1e6 / ACTIONS as f64;
    let [package, floor] = best(ACTIONS, 1, &server);
    let detail = format!("{:.0} / {:.0} us", each(&package), each(&floor));
    figures.push(Figure::new(
        "list 11 repositories, warm / floor",
        package.seconds / floor.seconds,
        1.1,
        "x",
        detail,
    ));
    figures.push(memory("peak memory / floor", &package, &floor));
    let [package, floor] = best(4 * ACTIONS, 32, &server);
    let rate = |done: &Done| 4.0 * ACTIONS as f64 / done.seconds;
    let detail = format!("{:.0} / {:.0} a second", rate(&package), rate(&floor));
    figures.push(Figure::new(
        "time of actions, 32 in flight / floor",
        package.seconds / floor.seconds,
        1.0 / 0.85,
        "x",
        detail,
    ));
    figures.push(memory("peak memory / floor, 32 in flight", &package, &floor));
    figures
}

fn memory(what: &'static str, package: &Done, floor: &Done) -> Figure {
    let detail = format!("{:.1} / {:.1} MiB", package.peak, floor.peak);
    Figure::new(what, package.peak / floor.peak, 1.5, "x", detail)
}
