//! The server in a process of its own, and this program as a process that is measured.

use std::io::BufRead as _;
use std::io::BufReader;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::replay;

/// The server in a process of its own, stopped when dropped
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts this program again as the server
    pub(crate) fn start() -> Self {
        let mut child = itself(&on_processor("0"))
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts again");
        let mut line = String::new();
        let output = child.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("it prints its address");
        Server { child, address: line.trim().parse().expect("an address") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the process is stopped
#[expect(clippy::print_stdout, reason = "the address is the only output")]
pub(crate) fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("{}", listener.local_addr().expect("it is bound"));
    replay::serve(listener);
}

/// Returns the words that keep a program on one processor, if the system has the tool for it
pub(crate) fn on_processor(processor: &str) -> Vec<&str> {
    let has_tool = Command::new("taskset").arg("--version").output().is_ok();
    if has_tool { vec!["taskset", "-c", processor] } else { Vec::new() }
}

/// Returns a command that runs this program, after the words of a tool
pub(crate) fn itself(tool: &[&str]) -> Command {
    let program = std::env::current_exe().expect("this program has a path");
    match tool {
        [] => Command::new(program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    }
}
