//! A server that replays recorded responses, so that only the clients differ.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::house::Remote;
use crate::house::on_processor;

/// The recorded responses by the path of their request, in lines: the path, the length of the response, the response
#[derive(Default)]
pub(crate) struct Recording(BTreeMap<String, Vec<u8>>);

impl Recording {
    /// Records the response of the simulator to a request, and returns its body
    pub(crate) fn add(&mut self, remote: &Remote, path: &str) -> serde_json::Value {
        let (host, organization) = remote.host_and_organization();
        let path = format!("/{organization}/{path}");
        let mut stream = TcpStream::connect(&host).expect("the simulator accepts connections");
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json;api-version=7.1-preview.1\r\n\
             authorization: Bearer {}\r\n\r\n",
            remote.token
        );
        stream.write_all(request.as_bytes()).expect("the request is sent");
        let mut reader = BufReader::new(stream);
        let (mut response, mut length) = (Vec::new(), 0);
        loop {
            let start = response.len();
            reader.read_until(b'\n', &mut response).expect("a line of the head");
            let line = String::from_utf8_lossy(&response[start..]).to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let head = response.len();
        assert!(response.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&response));
        response.resize(head + length, 0);
        reader.read_exact(&mut response[head..]).expect("the whole body");
        let body = serde_json::from_slice(&response[head..]).expect("it is JSON");
        self.0.insert(path, response);
        body
    }

    /// Starts this program again as the server of the recorded responses
    pub(crate) fn serve(&self) -> Server {
        let itself = std::env::current_exe().expect("this program has a path");
        let mut child = on_processor(0, &itself.to_string_lossy())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts again");
        let mut input = child.stdin.take().expect("it is piped");
        for (path, response) in &self.0 {
            writeln!(input, "{path}\n{}", response.len()).expect("the server reads");
            input.write_all(response).expect("the server reads");
        }
        drop(input);
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped"))
            .read_line(&mut line)
            .expect("it prints its address");
        Server { child, address: line.trim().parse().expect("an address") }
    }

    fn read(mut input: impl std::io::BufRead) -> Self {
        let mut all = Recording::default();
        let mut path = String::new();
        while input.read_line(&mut path).expect("a path") > 0 {
            let mut length = String::new();
            input.read_line(&mut length).expect("a length");
            let mut response = vec![0; length.trim().parse().expect("a length")];
            input.read_exact(&mut response).expect("a response");
            all.0.insert(std::mem::take(&mut path).trim().to_owned(), response);
        }
        all
    }
}

/// The server, stopped when dropped
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the recording on the standard input until the process is stopped
#[expect(clippy::print_stdout, reason = "the address is the only output")]
pub(crate) fn run() {
    let recording: &'static Recording = Box::leak(Box::new(Recording::read(std::io::stdin().lock())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("{}", listener.local_addr().expect("it is bound"));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(answer(stream, recording));
        }
    });
}

async fn answer(mut stream: tokio::net::TcpStream, recording: &'static Recording) {
    let _ = stream.set_nodelay(true);
    let mut request = Vec::new();
    loop {
        while let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            let line = String::from_utf8_lossy(&request[..end]);
            let path = line.split([' ', '?']).nth(1).unwrap_or_default();
            let response = recording.0.get(path).unwrap_or_else(|| panic!("{path} was not recorded"));
            if stream.write_all(response).await.is_err() {
                return;
            }
            drop(request.drain(..end + 4));
        }
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

/// Returns a command that runs this program under a tool
pub(crate) fn itself(tool: &[&str]) -> Command {
    let exe = std::env::current_exe().expect("this program has a path");
    match tool {
        [] => Command::new(exe),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(exe);
            command
        }
    }
}
