//! What is left of a token in the memory of a process: this process reads its own memory (Linux).
//!
//! The simulator is another process, and this test keeps the token scrambled, so that only the package has copies of it.

use std::fs::File;
use std::future::Future;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TokenSource;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroize as _;
use secrecy::zeroize::Zeroizing;
use serde_json::json;

use crate::flow::support::Process;

/// What each byte of a scrambled text is combined with
const SCRAMBLE: u8 = 0xa5;

/// How many bytes of a sought text are sought as they are; the others are compared one by one
const BEGINNING: usize = 8;

/// How many bytes are read at once
const CHUNK: usize = 1 << 20;

/// A text that is in this process scrambled only
#[derive(Clone)]
struct Scrambled(Vec<u8>);

impl Scrambled {
    fn of(text: &[u8]) -> Self {
        Scrambled(text.iter().map(|byte| byte ^ SCRAMBLE).collect())
    }

    fn text(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.iter().map(|byte| byte ^ SCRAMBLE).collect())
    }

    /// Returns how often the text is in these bytes
    fn count_in(&self, bytes: &[u8]) -> usize {
        let beginning: Vec<u8> = self.0[..BEGINNING].iter().map(|byte| byte ^ SCRAMBLE).collect();
        let is_whole = |at: &usize| {
            let found = bytes.get(*at..*at + self.0.len());
            found.is_some_and(|found| found.iter().zip(&self.0).all(|(byte, own)| byte ^ SCRAMBLE == *own))
        };
        memchr::memmem::find_iter(bytes, &beginning).filter(is_whole).count()
    }
}

impl TokenSource for Scrambled {
    fn token<'a>(
        &'a self,
        _: &'a Credential,
        _: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        let mut text = self.text();
        let text = String::from_utf8(std::mem::take(&mut *text)).expect("a token is text");
        Box::pin(async { Ok(Secret::new(text)) })
    }
}

/// The token, and the text of its header, which has the token in base64
struct Sought {
    token: Scrambled,
    header: Scrambled,
}

impl Sought {
    fn of(token: &[u8]) -> Self {
        let mut pair = Zeroizing::new(Vec::with_capacity(token.len() + 1));
        pair.push(b':');
        pair.extend_from_slice(token);
        let mut header = Zeroizing::new(vec![0; pair.len().div_ceil(3) * 4]);
        STANDARD.encode_slice(&*pair, &mut header).expect("there is room");
        // The last group depends on the padding.
        let header = Scrambled::of(&header[..header.len() - 4]);
        Sought { token: Scrambled::of(token), header }
    }

    /// Returns how often the token and its header are in the writable memory of this process
    fn found(&self) -> (usize, usize) {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux has it");
        let memory = File::open("/proc/self/mem").expect("a process may read its own memory");
        let mut chunk = vec![0; CHUNK];
        let own = chunk.as_ptr().addr()..chunk.as_ptr().addr() + CHUNK;
        let (mut tokens, mut headers) = (0, 0);
        for line in maps.lines().filter(|line| line.contains(" rw")) {
            let (start, rest) = line.split_once('-').expect("a range");
            let end = rest.split(' ').next().expect("a range");
            let [mut at, end] = [start, end].map(|text| usize::from_str_radix(text, 16).expect("an address"));
            while at < end {
                let most = if at < own.start { own.start.min(end) } else { end };
                if own.contains(&at) {
                    at = own.end;
                    continue;
                }
                // A part of the memory may be gone by now.
                let read = memory.read_at(&mut chunk[..CHUNK.min(most - at)], at as u64).unwrap_or(0);
                if read == 0 {
                    break;
                }
                tokens += self.token.count_in(&chunk[..read]);
                headers += self.header.count_in(&chunk[..read]);
                // The parts overlap, so that no text is cut; one in the overlap may count twice.
                let step = if at + read < most { read - self.header.0.len() } else { read };
                at += step;
            }
        }
        chunk.zeroize();
        (tokens, headers)
    }
}

/// A simulator in a process of its own
struct Simulate(Child);

impl Simulate {
    /// Starts it, and returns its port and the token that it prints
    fn start() -> (Self, u16, Sought) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        command.args(["simulate", "--json"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let output = child.stdout.as_mut().expect("it is piped");
        let mut line = Zeroizing::new([0; 4096]);
        let mut length = 0;
        while !line[..length].ends_with(b"\n") {
            let read = output.read(&mut line[length..]).expect("it can be read");
            assert!(read > 0, "the simulator has ended");
            length += read;
        }
        let after = |mark: &str| {
            let at = memchr::memmem::find(&line[..length], mark.as_bytes()).expect("it is printed");
            &line[at + mark.len()..length]
        };
        let until = |bytes: &[u8], end: u8| memchr::memchr(end, bytes).expect("it ends");
        let port = after("http://127.0.0.1:");
        let port = std::str::from_utf8(&port[..until(port, b'/')]).expect("digits").parse().expect("a port");
        let token = after("\"token\":\"");
        let sought = Sought::of(&token[..until(token, b'"')]);
        (Simulate(child), port, sought)
    }
}

impl Drop for Simulate {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn no_copy_of_our_own_is_left_of_a_token_after_the_end_of_its_run_tree() {
    let (_simulate, port, sought) = Simulate::start();
    assert_eq!(sought.found(), (0, 0), "this test keeps no copy");
    let process = Process::at(([127, 0, 0, 1], port).into(), Box::new(sought.token.clone()));
    process.connect().await;
    process.execute("listRepositories", json!({})).await.expect("it succeeds");
    process.execute("createRepository", json!({ "name": "shop" })).await.expect("it succeeds");
    let open = sought.found();
    assert!(open.0 > 0, "the session has the token");
    process.execute("disconnect", json!({})).await.expect("it succeeds");
    settled().await;
    let disconnected = sought.found();
    process.end();
    settled().await;
    let ended = sought.found();
    // `-- --nocapture` shows what docs/reliability.md says.
    println!("the token and its header: open {open:?}, disconnected {disconnected:?}, ended {ended:?}");
    assert!(disconnected.0 < open.0, "the session has no token any more");
    assert_eq!(ended.0, 0, "the token");
}

/// Lets the tasks of closed connections end
async fn settled() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}
