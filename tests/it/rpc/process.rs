//! The process under test. Every line that it writes is validated with the schemas of the protocol.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::process::Child;
use std::process::ChildStdin;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::rpc::schemas;

/// The time limit of a test; no test waits for it to pass
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running `azdo-bot serve`
pub(crate) struct Serve {
    child: Child,
    input: Option<ChildStdin>,
    output: mpsc::Receiver<String>,
    log: mpsc::Receiver<String>,
    kept: VecDeque<Value>,
    /// The methods of the requests that were sent, by ID
    methods: HashMap<String, String>,
}

/// The output of a process that has ended
pub(crate) struct Left {
    pub(crate) status: ExitStatus,
    pub(crate) messages: Vec<Value>,
    pub(crate) log: String,
}

/// Returns a command of the binary, with an empty environment
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).arg("serve").args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs this with a time limit
pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, result) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    result.recv_timeout(PATIENCE).expect("it ends without a panic")
}

impl Serve {
    /// Starts the process without initializing it
    pub(crate) fn silent(arguments: &[&str]) -> Self {
        Self::spawn(&mut command(arguments))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the binary starts");
        let (lines, output) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        let (text, log) = mpsc::channel();
        let stderr = child.stderr.take();
        std::thread::spawn(move || {
            let mut all = Vec::new();
            // A test may have replaced it.
            stderr.map(|mut stderr| stderr.read_to_end(&mut all));
            text.send(String::from_utf8_lossy(&all).into_owned())
        });
        Serve {
            input: child.stdin.take(),
            child,
            output,
            log,
            kept: VecDeque::new(),
            methods: HashMap::new(),
        }
    }

    /// Starts the process and initializes it
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_as(arguments, json!({}))
    }

    /// Starts the process for a host with these capabilities
    pub(crate) fn start_as(arguments: &[&str], capabilities: Value) -> Self {
        let mut serve = Self::silent(arguments);
        let params = json!({ "protocol": { "min": 1, "max": 1 }, "capabilities": capabilities,
                             "host": { "name": "test", "version": "1" } });
        let answer = serve.ask("initialize", params);
        assert_eq!(answer["result"]["protocol"], 1, "{answer}");
        serve
    }

    /// Writes bytes without changes
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).expect("the process reads");
        input.flush().expect("the process reads");
    }

    /// Writes a message as a line
    pub(crate) fn line(&mut self, line: &str) {
        let message: Value = serde_json::from_str(line).expect("the line is JSON");
        if let Some(method) = message["method"].as_str() {
            self.methods.insert(message["id"].to_string(), method.to_owned());
        }
        self.write(format!("{line}\n").as_bytes());
    }

    pub(crate) fn send(&mut self, message: &Value) {
        self.line(&message.to_string());
    }

    pub(crate) fn request(&mut self, id: impl Into<Value>, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params }));
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and waits for the response
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = format!("ask {method}");
        self.request(id.as_str(), method, params);
        self.answer(id)
    }

    /// Executes an action and waits for the response
    pub(crate) fn execute(&mut self, run: &str, action: &str, inputs: Value) -> Value {
        self.ask("action/execute", json!({ "botRun": run, "action": action, "inputs": inputs }))
    }

    /// Starts a bot run
    pub(crate) fn begin(&mut self, run: &str, parent: Option<&str>) {
        let params = match parent {
            Some(parent) => json!({ "id": run, "parent": parent }),
            None => json!({ "id": run }),
        };
        assert_eq!(self.ask("botRun/start", params)["result"], json!({}));
    }

    /// Returns the next message
    pub(crate) fn next(&mut self) -> Value {
        match self.kept.pop_front() {
            Some(message) => message,
            None => self.read().expect("the process writes another line"),
        }
    }

    /// Parses a line of the process, which must be a message of the protocol; `None` at the end of the output
    fn read(&mut self) -> Option<Value> {
        let line = match self.output.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the process neither writes nor ends"),
        };
        let message: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let answers = self.methods.get(&message["id"].to_string());
        schemas::assert_valid(&message, answers.map(String::as_str));
        Some(message)
    }

    /// Returns the response with this ID, and keeps other messages
    pub(crate) fn answer(&mut self, id: impl Into<Value>) -> Value {
        let id = id.into();
        self.wait_for(|message| message["id"] == id && message.get("method").is_none())
    }

    /// Returns the first matching message, and keeps others
    pub(crate) fn wait_for(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&fits) {
            return self.kept.remove(at).expect("it is at its place");
        }
        loop {
            let message = self.read().expect("the message comes");
            if fits(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// Returns the error code of the response with this ID
    pub(crate) fn refusal(&mut self, id: impl Into<Value>) -> (i64, String) {
        let answer = self.answer(id);
        code(&answer)
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the input and waits for the process
    pub(crate) fn finish(mut self) -> Left {
        self.input = None;
        self.left()
    }

    /// Waits for a process that ends for another reason; its input stays open
    pub(crate) fn left(mut self) -> Left {
        let input = self.input.take();
        let mut messages: Vec<Value> = self.kept.drain(..).collect();
        while let Some(message) = self.read() {
            messages.push(message);
        }
        let log = self.log.recv_timeout(PATIENCE).expect("the process ends");
        // Its output and its log have ended, so it is about to exit.
        let status = self.child.wait().expect("the process can be waited for");
        drop(input);
        Left { status, messages, log }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the JSON-RPC code of an error, and the error code of the package, empty if there is none
pub(crate) fn code(answer: &Value) -> (i64, String) {
    let error = &answer["error"];
    let number = error["code"].as_i64().unwrap_or_else(|| panic!("it is no error: {answer}"));
    (number, error["data"]["code"].as_str().unwrap_or_default().to_owned())
}
