//! The child for comparison, which echoes every line.

use std::io::BufRead as _;
use std::io::Write as _;
use std::process::Command;
use std::sync::mpsc;

/// The argument that makes this program that child
pub(crate) const ARGUMENT: &str = "echo-child";

pub(crate) fn command() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg(ARGUMENT);
    command
}

/// Reads on one thread and writes on another until the input ends
pub(crate) fn run() {
    let (sender, lines) = mpsc::sync_channel::<Vec<u8>>(16);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    let mut output = std::io::stdout();
    for line in lines {
        if output.write_all(&line).and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}
