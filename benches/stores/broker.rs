//! The broker: a look-up beside an echo of the same bytes, and its memory.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::devops::LimitReport;
use azdo_bot::devops::SharedRateLimit as _;
use azdo_bot::devops::SlotDraw;
use azdo_bot::devops::UserKey;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::SessionStore as _;
use tempfile::TempDir;

use crate::bytes;
use crate::figures::Figure;
use crate::figures::median;

const ROUNDS: usize = 5_000;
const WARM_UP: usize = 500;

/// The sessions of the filled broker
const SESSIONS: u32 = 100_000;

/// The bytes of a look-up, there and back
const LOOK_UP: [usize; 2] = [120, 560];

/// A broker in a process of its own
struct Running {
    child: Child,
    folder: TempDir,
}

impl Running {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("azdo-bot.toml");
        let run = folder.path().join("run");
        std::fs::write(
            &file,
            format!("[sessions]\nstore = \"broker\"\nbroker_folder = \"{}\"\n", run.display()),
        )
        .expect("the folder can be written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_azdo-bot"))
            .args(["broker", "--json", "--config"])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = child.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut String::new()).expect("it says that it runs");
        Running { child, folder }
    }

    fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// The memory of the process, in bytes
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kib.unwrap_or_default() * 1024.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn measure() -> Vec<Figure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let broker = Running::start();
    let store = BrokerStore::new(BrokerOptions::new(broker.socket_folder().join("run")));
    let least = echo();
    let (look_up, draw) = runtime.block_on(async {
        let tree = bytes::tree(u32::MAX);
        store.begin(tree);
        bytes::open(&*store, tree, 0).await;
        let name = bytes::name(0);
        let mut look_ups = Vec::new();
        let mut draws = Vec::new();
        for round in 0..WARM_UP + ROUNDS {
            let start = Instant::now();
            store.find(tree, FindBy::Name(&name), None).await.expect("the broker works");
            let looked = start.elapsed();
            let draw =
                SlotDraw { slots: 10, patience: Duration::from_secs(55), report: LimitReport::default() };
            let start = Instant::now();
            store.draw(UserKey([7; 16]), draw).await.expect("the broker works");
            if round >= WARM_UP {
                look_ups.push(looked);
                draws.push(start.elapsed());
            }
        }
        (median(&mut look_ups), median(&mut draws))
    });
    let before = broker.memory();
    runtime.block_on(bytes::fill(&store, SESSIONS));
    let each = (broker.memory() - before) / f64::from(SESSIONS);
    let beside = |figure: f64| format!("{figure:.0} us, an echo of its bytes {least:.0} us");
    vec![
        Figure::new("broker: look-up", look_up, 100.0, "us", beside(look_up)),
        Figure::new("broker: draw of ten slots", draw, 100.0, "us", beside(draw)),
        Figure::new("broker: 100,000 sessions", each * 0.1, 60.0, "MB", format!("{each:.0} bytes a session")),
    ]
}

/// The time of the same bytes over a socket between two threads that do nothing else, in microseconds
fn echo() -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("echo");
    let listener = UnixListener::bind(&path).expect("it is new");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("this bench connects");
        let (mut asked, answer) = ([0; LOOK_UP[0]], [0; LOOK_UP[1]]);
        while stream.read_exact(&mut asked).and_then(|()| stream.write_all(&answer)).is_ok() {}
    });
    let mut stream = UnixStream::connect(&path).expect("the thread listens");
    let (question, mut answer) = ([0; LOOK_UP[0]], [0; LOOK_UP[1]]);
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            stream.write_all(&question).and_then(|()| stream.read_exact(&mut answer)).expect("it echoes");
            start.elapsed()
        })
        .collect();
    median(&mut times)
}
