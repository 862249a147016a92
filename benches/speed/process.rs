//! The start of the process, compared with the smallest process.

use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::figures::Figure;
use crate::figures::best;
use crate::figures::median;

const ROUNDS: usize = 60;

pub(crate) fn measure() -> Figure {
    best(|| {
        let (mut ours, mut least): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(run(env!("CARGO_BIN_EXE_azdo-bot"), &["--version"]));
            least.push(run("/bin/true", &[]));
        }
        let (ours, least) = (median(&mut ours), median(&mut least));
        Figure::new("azdo-bot --version / true", ours / least, 3.0, "x", format!("{ours:.0} / {least:.0} us"))
    })
}

fn run(program: &str, arguments: &[&str]) -> Duration {
    let started = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status().expect("it starts");
    assert!(status.success());
    started.elapsed()
}
