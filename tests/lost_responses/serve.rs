//! `azdo-bot serve` as a separate process, called by one caller at a time.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::io::BufReader;
use tokio::io::Lines;
use tokio::process::Child;
use tokio::process::ChildStdin;
use tokio::process::ChildStdout;
use tokio::process::Command;

/// A running process, which ends with this value
pub(crate) struct Serve {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    last: u64,
}

impl Serve {
    /// Starts a process that may read files of this folder, and a bot run `root` in it
    pub(crate) async fn start(folder: &Path) -> Self {
        let config = folder.join("azdo-bot.toml");
        let folders = format!("[folders]\nread = [{:?}]\n", folder.display().to_string());
        std::fs::write(&config, folders).expect("the folder can be written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        command
            .env_clear()
            .current_dir(folder)
            .args(["serve", "--allow-loopback-http", "--config"])
            .arg(&config);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("the binary starts");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut serve = Serve { _child: child, input, output, last: 0 };
        let host = json!({ "protocol": { "min": 1, "max": 1 }, "capabilities": {}, "host": { "name": "test", "version": "1" } });
        let answer = serve.ask("initialize", host).await;
        assert_eq!(answer["result"]["protocol"], 1, "{answer}");
        serve.ask("botRun/start", json!({ "id": "root" })).await;
        serve
    }

    /// Sends a request and waits for its response
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let request = json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params });
        self.input.write_all(format!("{request}\n").as_bytes()).await.expect("the process reads");
        loop {
            let line =
                self.output.next_line().await.expect("the process writes").expect("the output continues");
            let message: Value = serde_json::from_str(&line).expect("a line is JSON");
            if message["id"] == self.last && message.get("method").is_none() {
                return message;
            }
        }
    }
}
