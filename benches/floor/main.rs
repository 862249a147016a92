//! The package compared with its floor: the same requests by the same HTTP client, and serde into the same fields.
//!
//! A separate process replays responses that were recorded from the simulator. Each figure is measured in processes of
//! its own. Instructions are counted by callgrind, in the process of the client only: a run with twice as many actions
//! minus one with as many, so that the start, Connect and the server do not count. Run:
//! `cargo bench --profile dist --bench floor`. `-- profile package` prints the functions with the most instructions.

mod callgrind;
#[path = "../speed/figures.rs"]
#[expect(dead_code, reason = "the other benches use the rest")]
mod figures;
mod floor;
#[path = "../speed/house.rs"]
#[expect(dead_code, reason = "the other benches use the rest")]
mod house;
mod server;
mod work;

use std::fmt::Write as _;
use std::process::ExitCode;

use crate::figures::Figure;
use crate::house::Remote;
use crate::server::Recording;
use crate::server::Server;
use crate::server::itself;
use crate::work::Done;
use crate::work::Who;

/// The actions of one run
const ACTIONS: usize = 4000;
/// The rounds of a figure; the best one counts
const ROUNDS: usize = 5;
/// The repositories of the project
const REPOSITORIES: usize = 11;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::run(),
        ["run", who, times, in_flight, server, project] => {
            let number = |text: &str| text.parse().expect("a number");
            let who = Who::parse(who).expect("package or floor");
            let server = server.parse().expect("an address");
            show(&work::run(who, number(times), number(in_flight), server, project));
        }
        ["profile", who] => {
            let place = Place::new();
            callgrind::profile(&place, Who::parse(who).expect("package or floor"));
        }
        _ => return compare(),
    }
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "the process that started this one reads it")]
fn show(done: &Done) {
    println!("{}", serde_json::to_string(done).expect("it is JSON"));
}

/// The server, and the project whose repositories are listed
pub(crate) struct Place {
    server: Server,
    project: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("world.toml");
        std::fs::write(&file, world()).expect("the folder can be written in");
        let remote = Remote::in_world(&file);
        let mut recording = Recording::default();
        let [_, found] = floor::CONNECT.map(|path| recording.add(&remote, path));
        let project = found["id"].as_str().expect("a project has an id").to_owned();
        recording.add(&remote, &format!("{project}/_apis/git/repositories"));
        Place { server: recording.serve(), project }
    }

    /// Runs one process, under a tool, and returns its figures
    fn run(&self, tool: &[&str], who: Who, times: usize, in_flight: usize) -> Done {
        let output = itself(tool)
            .args(["run", who.as_str(), &times.to_string(), &in_flight.to_string()])
            .args([&self.server.address.to_string(), &self.project])
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it prints its figures")
    }

    /// Returns the best figures of both, in interleaved rounds
    fn best(&self, times: usize, in_flight: usize) -> [Done; 2] {
        let mut best = [Who::Package, Who::Floor].map(|who| self.run(&[], who, times, in_flight));
        for _ in 1..ROUNDS {
            for (best, who) in best.iter_mut().zip([Who::Package, Who::Floor]) {
                let again = self.run(&[], who, times, in_flight);
                best.seconds = best.seconds.min(again.seconds);
                best.peak = best.peak.min(again.peak);
            }
        }
        best
    }
}

fn world() -> String {
    let mut world =
        "[[organizations]]\nname = \"fabrikam\"\n[[organizations.projects]]\nname = \"Fabrikam\"\n"
            .to_owned();
    for number in 0..REPOSITORIES {
        let _ = writeln!(
            world,
            "[[organizations.projects.repositories]]\nname = \"repository-{number}\"\nfiles = {{ \"/a.txt\" = \"a\" }}"
        );
    }
    world
}

fn compare() -> ExitCode {
    house::stay_on_processor(1);
    let place = Place::new();
    let mut figures: Vec<Figure> = callgrind::instructions(&place).into_iter().collect();
    let each = |done: &Done| done.seconds * 1e6 / ACTIONS as f64;
    let [package, floor] = place.best(ACTIONS, 1);
    let detail = format!("{:.0} / {:.0} us", each(&package), each(&floor));
    figures.push(Figure::new(
        "list 11 repositories, warm / floor",
        package.seconds / floor.seconds,
        1.1,
        "x",
        detail,
    ));
    let detail = format!("{:.1} / {:.1} MiB", package.peak, floor.peak);
    figures.push(Figure::new("peak memory / floor", package.peak / floor.peak, 1.5, "x", detail));
    let [package, floor] = place.best(4 * ACTIONS, 32);
    let rate = |done: &Done| 4.0 * ACTIONS as f64 / done.seconds;
    let detail = format!("{:.0} / {:.0} a second", rate(&package), rate(&floor));
    figures.push(Figure::new(
        "floor's throughput / package's, 32 in flight",
        package.seconds / floor.seconds,
        1.0 / 0.85,
        "x",
        detail,
    ));
    let detail = format!("{:.1} / {:.1} MiB", package.peak, floor.peak);
    figures.push(Figure::new(
        "peak memory / floor, 32 in flight",
        package.peak / floor.peak,
        1.5,
        "x",
        detail,
    ));
    figures::print(&figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
