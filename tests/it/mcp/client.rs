//! An MCP client for the tests: it starts the process, and speaks either revision of the protocol.

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

use serde_json::Value;
use serde_json::json;

use crate::rpc::process::PATIENCE;

/// A revision of the protocol
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revision {
    /// 2025-11-25, which begins with `initialize`
    Handshake,
    /// 2026-07-28, in which every request stands alone
    Stateless,
}

impl Revision {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Revision::Handshake => "2025-11-25",
            Revision::Stateless => "2026-07-28",
        }
    }

    /// Returns parameters with what the revision requires in each request
    pub(crate) fn params(self, mut params: Value) -> Value {
        if self == Revision::Stateless {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(self.as_str());
            params["_meta"]["io.modelcontextprotocol/clientInfo"] = json!({ "name": "test", "version": "1" });
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
        }
        params
    }
}

/// A running `azdo-bot mcp`
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: mpsc::Receiver<String>,
    log: mpsc::Receiver<String>,
    kept: VecDeque<Value>,
    revision: Revision,
    asked: u64,
    /// The capabilities that its requests declare, in the revision that has them there
    pub(crate) declared: Value,
}

/// What a process that has ended has left
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) messages: Vec<Value>,
    pub(crate) log: String,
}

/// Returns a command of the binary, with an empty environment
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).arg("mcp").args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Client {
    /// Starts the process and opens the connection as the revision requires
    pub(crate) fn start(revision: Revision, arguments: &[&str]) -> Self {
        let mut client = Self::silent(revision, &mut command(arguments));
        if revision == Revision::Handshake {
            let params = json!({ "protocolVersion": revision.as_str(), "capabilities": {},
                                 "clientInfo": { "name": "test", "version": "1" } });
            let answer = client.ask("initialize", params);
            assert_eq!(answer["result"]["protocolVersion"], revision.as_str(), "{answer}");
            client.notify("notifications/initialized", json!({}));
        }
        client
    }

    /// Starts the process without a message
    pub(crate) fn silent(revision: Revision, command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the binary starts");
        let (lines, output) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        let (text, log) = mpsc::channel();
        let mut stderr = child.stderr.take().expect("it is piped");
        std::thread::spawn(move || {
            let mut all = Vec::new();
            let _ = stderr.read_to_end(&mut all);
            text.send(String::from_utf8_lossy(&all).into_owned())
        });
        let input = child.stdin.take();
        Client { child, input, output, log, kept: VecDeque::new(), revision, asked: 0, declared: json!({}) }
    }

    pub(crate) fn write(&mut self, line: &str) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(format!("{line}\n").as_bytes()).expect("the process reads");
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// Sends a request and returns its id
    pub(crate) fn request(&mut self, method: &str, params: Value) -> u64 {
        self.asked += 1;
        let mut params = self.revision.params(params);
        if self.revision == Revision::Stateless {
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = self.declared.clone();
        }
        let request = json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": params });
        self.write(&request.to_string());
        self.asked
    }

    /// Sends a request and waits for the response
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.wait_for(|message| message["id"] == id && message.get("method").is_none())
    }

    /// Calls a tool and returns the result
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert!(answer["result"].is_object(), "{tool}: {answer}");
        answer["result"].clone()
    }

    /// Calls a tool that succeeds and returns the structured content
    pub(crate) fn data(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_ne!(result["isError"], true, "{tool}: {result}");
        result["structuredContent"].clone()
    }

    /// Calls a tool that fails and returns the error
    pub(crate) fn refusal(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{tool}: {result}");
        assert!(result["structuredContent"].is_null(), "it would not fit the output schema: {result}");
        let error = result["_meta"]["azdo-bot/error"].clone();
        let text = result["content"][0]["text"].as_str().expect("it has a text");
        assert!(text.contains(error["code"].as_str().expect("it has a code")), "{result}");
        error
    }

    /// Returns the first matching message, and keeps others
    pub(crate) fn wait_for(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&fits) {
            return self.kept.remove(at).expect("it is at its place");
        }
        loop {
            let message = self.read().expect("the process writes another line");
            if fits(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    fn read(&mut self) -> Option<Value> {
        match self.output.recv_timeout(PATIENCE) {
            Ok(line) => Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))),
            Err(mpsc::RecvTimeoutError::Disconnected) => None,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the process neither writes nor ends"),
        }
    }

    /// Returns the messages that came while another was waited for
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Value> {
        self.kept.iter()
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the input and waits for the process
    pub(crate) fn finish(mut self) -> Ended {
        self.input = None;
        self.ended()
    }

    /// Waits for the end of the process
    pub(crate) fn ended(mut self) -> Ended {
        let input = self.input.take();
        let mut messages: Vec<Value> = self.kept.drain(..).collect();
        while let Some(message) = self.read() {
            messages.push(message);
        }
        let log = self.log.recv_timeout(PATIENCE).expect("the process ends");
        let status = self.child.wait().expect("the process can be waited for");
        drop(input);
        Ended { status, messages, log }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The arguments of connect for the simulator of the process
pub(crate) fn connection() -> Value {
    json!({ "organizationUrl": "https://dev.azure.com/fabrikam", "projectName": "Fabrikam",
            "personalAccessToken": "env:AZDO_PAT" })
}
