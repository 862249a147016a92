//! Four processes that work with one store at the same time: this program again, with what they do as arguments.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::SessionStore;

use crate::bytes;
use crate::figures::Figure;
use crate::runtime;

/// The first argument of such a process
const ROLE: &str = "client";

const CLIENTS: usize = 4;

/// The calls that each has in flight
pub(crate) const IN_FLIGHT: usize = 16;

/// How long they work
const FOR: Duration = Duration::from_secs(2);

/// How many look-ups the four have to do in a second
const LEAST: f64 = 5_000.0;

/// Returns what this process does and where, if it is one of the four
pub(crate) fn role() -> Option<(String, String)> {
    let mut arguments = std::env::args().skip(1);
    arguments.next().filter(|first| first == ROLE)?;
    Some((arguments.next()?, arguments.next()?))
}

/// Starts the four at the same moment, and returns what they do in a second together
pub(crate) fn together(kind: &str, place: &str) -> f64 {
    let itself = std::env::current_exe().expect("this program has a path");
    let start = |_| {
        Command::new(&itself)
            .args([ROLE, kind, place])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts again")
    };
    let mut processes: Vec<Child> = (0..CLIENTS).map(start).collect();
    let outputs = processes.iter_mut().map(|process| process.stdout.take().expect("it is piped"));
    let mut outputs: Vec<_> = outputs.map(BufReader::new).collect();
    let next_line = |output: &mut BufReader<_>| {
        let mut line = String::new();
        output.read_line(&mut line).expect("it writes a line");
        line
    };
    for output in &mut outputs {
        assert_eq!(next_line(output), "ready\n");
    }
    for process in &mut processes {
        process.stdin.take().expect("it is piped").write_all(b"begin\n").expect("it reads");
    }
    let rates = outputs.iter_mut().map(|output| next_line(output).trim().parse::<f64>().expect("a number"));
    let sum = rates.sum();
    assert!(processes.iter_mut().all(|process| process.wait().is_ok_and(|status| status.success())));
    sum
}

/// The figure of the look-ups of four processes
pub(crate) fn figure(what: &'static str, a_second: f64, detail: &str) -> Figure {
    let each = 1e6 / a_second;
    Figure::new(what, each, 1e6 / LEAST, "us", format!("{a_second:.0} a second{detail}"))
}

/// Works until the time is over, in this process as one of the four; `work` returns how much it has done
#[expect(clippy::print_stdout, reason = "the process that started it reads the pipe")]
pub(crate) fn work(mut work: impl FnMut() -> usize) {
    // The connection is there before the time begins.
    work();
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).expect("a pipe");
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < FOR {
        done += work();
    }
    println!("{}", done as f64 / start.elapsed().as_secs_f64());
}

/// Looks the first session of the filled store up, which it knows
pub(crate) fn look_up(store: &Arc<impl SessionStore>) {
    let (name, known, runtime) = (bytes::name(0), Some(bytes::entry(0).id), runtime());
    work(|| {
        let look_ups = (0..IN_FLIGHT).map(|_| store.find(bytes::tree(0), FindBy::Name(&name), known));
        let found = runtime.block_on(futures_util::future::join_all(look_ups));
        assert!(found.iter().all(Result::is_ok), "the store works");
        found.len()
    });
}
