//! A child process that reads and writes lines.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

/// A child with its input and output
pub(crate) struct Lines {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    line: String,
}

impl Lines {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Lines { input: child.stdin.take(), output, child, line: String::new() }
    }

    /// Starts the package, initialized, with the bot run `root`
    pub(crate) fn serve(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        let mut serve = Self::start(command.env_clear().arg("serve").args(arguments));
        serve.ask(&request(0, "initialize", &json!({ "protocol": { "min": 1, "max": 1 } })));
        serve.ask(&request(0, "botRun/start", &json!({ "id": "root" })));
        serve
    }

    pub(crate) fn write(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(line.as_bytes()).expect("the child reads");
    }

    /// Returns the next line
    pub(crate) fn read(&mut self) -> &str {
        self.line.clear();
        let read = self.output.read_line(&mut self.line).expect("the child writes");
        assert!(read > 0, "the child ended");
        &self.line
    }

    /// Writes a line and returns the next one
    pub(crate) fn ask(&mut self, line: &str) -> &str {
        self.write(line);
        self.read()
    }

    /// Returns the time from a line to its response
    pub(crate) fn round_trip(&mut self, line: &str) -> Duration {
        let started = Instant::now();
        self.ask(line);
        started.elapsed()
    }

    /// Returns the time for this number of calls, with `width` of them in flight
    pub(crate) fn in_flight(&mut self, line: &str, calls: usize, width: usize) -> Duration {
        let started = Instant::now();
        for id in 0..calls + width {
            if id >= width {
                self.read();
            }
            if id < calls {
                let line = line.replacen("\"id\":0", &format!("\"id\":{id}"), 1);
                self.write(&line);
            }
        }
        started.elapsed()
    }

    /// Ends the input and returns the time to the end of the child
    pub(crate) fn end(mut self) -> Duration {
        let started = Instant::now();
        self.input = None;
        while self.output.read_line(&mut self.line).expect("the child writes") > 0 {}
        let status = self.child.wait().expect("it can be waited for");
        assert!(status.success(), "{status:?}");
        started.elapsed()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the line of a request
pub(crate) fn request(id: u32, method: &str, params: &Value) -> String {
    format!("{}\n", json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
}

/// Returns the line of an action of the bot run `root`
pub(crate) fn action(action: &str, inputs: &Value) -> String {
    request(0, "action/execute", &json!({ "botRun": "root", "action": action, "inputs": inputs }))
}
