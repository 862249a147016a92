//! Streamable HTTP: who may send what, both revisions, and many clients at once.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rustls::ClientConfig;
use rustls::ClientConnection;
use rustls::StreamOwned;
use serde_json::Value;
use serde_json::json;

use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::mcp::client::connection;
use crate::rpc::process::PATIENCE;

/// A server over HTTP with two bearer tokens
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What trusts its certificate, with TLS
    tls: Option<Arc<ClientConfig>>,
}

trait Stream: std::io::Read + std::io::Write {}

impl<S: std::io::Read + std::io::Write> Stream for S {}

/// Two bearer tokens, made at run time
pub(crate) fn bearer(number: usize) -> String {
    ["first", "second"][number].repeat(8)
}

impl Served {
    fn start() -> Self {
        Self::with(&["--http", "0"], None)
    }

    /// Starts a server with these arguments
    pub(crate) fn with(arguments: &[&str], tls: Option<Arc<ClientConfig>>) -> Self {
        let mut command =
            command(&["--simulate", "--bearer", "env:FIRST_BEARER", "--bearer", "env:SECOND_BEARER"]);
        command.args(arguments).env("FIRST_BEARER", bearer(0)).env("SECOND_BEARER", bearer(1));
        let mut child = command.spawn().expect("the binary starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let announced = log.find_map(|line| line.split_once(" is at ").map(|(_, url)| url.to_owned()));
        let url = announced.expect("it says where it listens");
        assert!(url.starts_with(if tls.is_some() { "https://" } else { "http://" }), "{url}");
        let port = url.trim_end_matches("/mcp").rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
        let address = SocketAddr::from(([127, 0, 0, 1], port.expect("it has a port")));
        std::thread::spawn(move || log.for_each(drop));
        Served { child, address, tls }
    }

    fn connect(&self) -> Box<dyn Stream> {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let Some(tls) = &self.tls else { return Box::new(stream) };
        let name = "localhost".try_into().expect("it is a name");
        let client = ClientConnection::new(Arc::clone(tls), name).expect("the name fits");
        Box::new(StreamOwned::new(client, stream))
    }

    /// Sends a request and returns the status and the body
    pub(crate) fn send(&self, head: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut stream = self.connect();
        let mut text =
            format!("POST /mcp HTTP/1.1\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
        let own = format!("127.0.0.1:{}", self.address.port());
        let defaults = [
            ("Host", own.as_str()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
        ];
        for (name, value) in
            defaults.iter().filter(|(name, _)| !head.iter().any(|(given, _)| given == name)).chain(head)
        {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        stream.write_all(text.as_bytes()).expect("it reads");
        // It may refuse a long body before it has read all of it.
        let _ = stream.write_all(body.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no response: {answer}")), answer)
    }

    /// Sends a request of the protocol as the owner of a token, and returns the response
    pub(crate) fn ask(&self, number: usize, revision: Revision, method: &str, params: Value) -> Value {
        let authorization = format!("Bearer {}", bearer(number));
        let name = params["name"].as_str().unwrap_or_default().to_owned();
        let mut head =
            vec![("Authorization", authorization.as_str()), ("MCP-Protocol-Version", revision.as_str())];
        if self.tls.is_some() {
            head.push(("Host", "localhost"));
        }
        if revision == Revision::Stateless {
            head.push(("Mcp-Method", method));
            if !name.is_empty() {
                head.push(("Mcp-Name", &name));
            }
        }
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": revision.params(params) });
        let (status, answer) = self.send(&head, &request.to_string());
        assert_eq!(status, 200, "{answer}");
        let messages = answer.lines().map(|line| line.strip_prefix("data:").unwrap_or(line).trim());
        let mut messages = messages.filter_map(|line| serde_json::from_str::<Value>(line).ok());
        messages.find(|message| message["id"] == 1).unwrap_or_else(|| panic!("no response: {answer}"))
    }

    fn call(&self, number: usize, revision: Revision, tool: &str, arguments: Value) -> Value {
        let answer =
            self.ask(number, revision, "tools/call", json!({ "name": tool, "arguments": arguments }));
        assert!(answer["result"].is_object(), "{answer}");
        answer["result"].clone()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_session_outlives_connections_and_belongs_to_its_token() {
    let served = Served::start();
    for revision in [Revision::Handshake, Revision::Stateless] {
        let listed = served.ask(0, revision, "tools/list", json!({}));
        assert!(listed["result"]["tools"].as_array().is_some_and(|tools| tools.len() > 10), "{listed}");
        let session =
            served.call(0, revision, "connect", connection())["structuredContent"]["session"].clone();
        let arguments = json!({ "session": session });
        let own = served.call(0, revision, "list_repositories", arguments.clone());
        assert!(own["structuredContent"]["repositories"].is_array(), "{own}");
        let others = served.call(1, revision, "list_repositories", arguments);
        assert_eq!(others["_meta"]["azdo-bot/error"]["code"], "session.not_found", "{others}");
    }
}

#[test]
fn a_request_without_a_token_or_from_a_web_page_is_refused() {
    let served = Served::start();
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} }).to_string();
    let authorization = format!("Bearer {}", bearer(0));
    let good = ("Authorization", authorization.as_str());
    assert_eq!(served.send(&[good], &body).0, 200);
    let wrong = format!("Bearer {}x", bearer(0));
    let basic = format!("Basic {}", bearer(0));
    for head in [
        vec![],
        vec![("Authorization", wrong.as_str())],
        vec![("Authorization", basic.as_str())],
        vec![("Authorization", "Bearer ")],
        vec![("Authorization", "")],
    ] {
        assert_eq!(served.send(&head, &body).0, 401, "{head:?}");
    }
    // A web page in a browser on this machine, with the name of its own server bound to this address.
    for head in [
        ("Origin", "https://attacker.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost"),
        ("Host", "attacker.example"),
        ("Host", "attacker.example:80"),
        ("Host", "127.0.0.1.attacker.example"),
        ("Host", "localhost:1"),
    ] {
        let (status, answer) = served.send(&[good, head], &body);
        assert_eq!(status, 403, "{head:?}: {answer}");
        assert_eq!(served.send(&[head], &body).0, 401, "{head:?}");
    }
    let long = format!("{}{}", body, " ".repeat(5 << 20));
    assert_eq!(served.send(&[good], &long).0, 413);
}

#[test]
fn a_caller_that_sends_too_many_requests_waits_and_another_does_not() {
    let served = Served::start();
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    let authorization = |number| format!("Bearer {}", bearer(number));
    let (begun, seen) = (Instant::now(), AtomicBool::new(false));
    let send = || {
        let head = authorization(0);
        // More requests than the caller gains meanwhile, however slow the machine is.
        while !seen.load(Ordering::Relaxed) && begun.elapsed() < PATIENCE {
            let (status, answer) = served.send(&[("Authorization", head.as_str())], &body);
            if status == 429 {
                seen.store(true, Ordering::Relaxed);
                return Some(answer);
            }
        }
        None
    };
    let refused = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        senders.into_iter().filter_map(|sender| sender.join().expect("it sends")).next()
    });
    let answer = refused.expect("so many requests at once are too many");
    assert!(answer.to_lowercase().contains("retry-after: 1"), "{answer}");
    let other = served.ask(1, Revision::Stateless, "tools/list", json!({}));
    assert!(other["result"]["tools"].is_array(), "{other}");
}

#[test]
fn many_clients_call_at_once() {
    let served = Served::start();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..64)
            .map(|client| {
                let served = &served;
                scope.spawn(move || {
                    let revision = [Revision::Handshake, Revision::Stateless][client % 2];
                    let number = (client / 2) % 2;
                    let session = served.call(number, revision, "connect", connection());
                    let session = session["structuredContent"]["session"].clone();
                    let listed =
                        served.call(number, revision, "list_repositories", json!({ "session": session }));
                    assert!(listed["structuredContent"]["repositories"].is_array(), "{listed}");
                    session.as_str().expect("a handle").to_owned()
                })
            })
            .collect();
        let sessions = clients.into_iter().map(|client| client.join().expect("it succeeds"));
        assert_eq!(sessions.collect::<std::collections::BTreeSet<_>>().len(), 64);
    });
}

/// Makes a file one that only its owner can read
pub(crate) fn owner_only(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("it is the test's");
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[test]
fn an_unsafe_start_is_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").expect("it can be written");
    owner_only(&empty);
    let empty = format!("file:{}", empty.display());
    let plain = bearer(0);
    for (arguments, message) in [
        (vec!["--http", "0"], "--bearer"),
        (vec!["--bearer", "env:FIRST_BEARER"], "--http"),
        (vec!["--http", "0.0.0.0:0", "--bearer", "env:FIRST_BEARER"], "only a loopback address"),
        (vec!["--http", "[::]:0", "--bearer", "env:FIRST_BEARER"], "only a loopback address"),
        (vec!["--http", "0", "--bearer", "env:WEAK_BEARER"], "at least 22 characters"),
        (vec!["--http", "0", "--bearer", &empty], "at least 22 characters"),
        (vec!["--http", "0", "--bearer", "env:NO_BEARER"], "NO_BEARER is not set"),
        (vec!["--http", "0", "--bearer", "file:/no/such/file"], "cannot be read"),
        (vec!["--http", "0", "--bearer", &plain], "not a reference"),
        (vec!["--groups", "repos"], "no group \"repos\""),
        (vec!["--read-only", "--allow-destructive"], "cannot be used with"),
    ] {
        let mut command = command(&arguments);
        let command = command.arg("--simulate").env("FIRST_BEARER", bearer(0)).env("WEAK_BEARER", "weak");
        let ended = command.output().expect("the binary starts");
        let log = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && log.contains(message), "{arguments:?}: {log}");
        assert!(!log.contains(&bearer(0)) && ended.stdout.is_empty(), "{arguments:?}: {log}");
    }
}
