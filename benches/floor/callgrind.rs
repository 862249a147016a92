//! Counts the instructions of an action with callgrind.

use std::path::Path;
use std::process::Command;

use crate::figures::Figure;
use crate::run;
use crate::server::Server;
use crate::work::Who;

/// The actions whose instructions are counted
const ACTIONS: usize = 200;

/// At most so many times the instructions of the floor
const BOUND: f64 = 1.25;

/// Returns the instructions of an action, compared with those of the floor; nothing without valgrind
#[expect(clippy::print_stdout, reason = "the bench says what it skips")]
pub(crate) fn instructions(server: &Server) -> Option<Figure> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: skipped, as valgrind is not installed");
        return None;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [package, floor] = [Who::Package, Who::Floor].map(|who| {
        let [once, twice] = [1, 2].map(|rounds| count(server, who, rounds * ACTIONS, folder.path()));
        (twice - once) as f64 / ACTIONS as f64
    });
    let detail = format!("{package:.0} / {floor:.0} instructions");
    Some(Figure::new("instructions of an action / floor", package / floor, BOUND, "x", detail))
}

/// Runs the actions under callgrind, and returns the number of instructions of the whole process
fn count(server: &Server, who: Who, times: usize, folder: &Path) -> u64 {
    let file = folder.join("callgrind.out");
    trace(server, who, times, &file);
    let text = std::fs::read_to_string(&file).expect("callgrind writes its file");
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: ")).expect("it has the totals");
    totals.trim().parse().expect("a number")
}

fn trace(server: &Server, who: Who, times: usize, file: &Path) {
    let out = format!("--callgrind-out-file={}", file.display());
    run(&["valgrind", "--quiet", "--tool=callgrind", &out], who, times, 1, server);
}

/// Leaves a file for `callgrind_annotate` with all instructions of many actions
#[expect(clippy::print_stdout, reason = "it prints where the file is")]
pub(crate) fn profile(server: &Server, who: Who) {
    let file = std::env::temp_dir().join(format!("callgrind.{}.out", who.as_str()));
    trace(server, who, 10 * ACTIONS, &file);
    println!("callgrind_annotate --inclusive=no {}", file.display());
}
