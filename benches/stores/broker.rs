//! The broker: a look-up beside an echo of the same bytes, and its memory.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
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
use crate::clients;
use crate::closing;
use crate::figures::Figure;
use crate::figures::best;
use crate::figures::median;
use crate::runtime;

/// What a client of the bench does with a broker
pub(crate) const LOOK_UPS: &str = "look-ups through a broker";

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

    fn socket_folder(&self) -> PathBuf {
        self.folder.path().join("run")
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
    let (broker, runtime) = (Running::start(), runtime());
    let folder = broker.socket_folder();
    let store = BrokerStore::new(BrokerOptions::new(folder.clone()));
    runtime.block_on(async {
        store.begin(bytes::tree(u32::MAX));
        bytes::open(&*store, bytes::tree(u32::MAX), 0).await;
    });
    let look_up = best(|| {
        let (look_up, echo) = (runtime.block_on(time_of_look_up(&store)), echo());
        let detail = format!("{look_up:.0} us, an echo of its bytes {echo:.0} us");
        Figure::new("broker: look-up", look_up, 100.0, "us", detail)
    });
    let draw = best(|| {
        let draw = runtime.block_on(time_of_draw(&store));
        Figure::new("broker: draw of ten slots", draw, 100.0, "us", String::new())
    });
    let closing = closing::measure("broker: Disconnect seen by another process", || {
        BrokerStore::new(BrokerOptions::new(folder.clone()))
    });
    let before = broker.memory();
    runtime.block_on(bytes::fill(&store, SESSIONS));
    let memory = broker.memory() - before;
    let each = memory / f64::from(SESSIONS);
    let together = clients::together(LOOK_UPS, folder.to_str().expect("a temporary folder is UTF-8"));
    vec![
        look_up,
        draw,
        closing,
        clients::figure("broker: look-up, four processes at once", together, ""),
        Figure::new(
            "broker: 100,000 sessions",
            memory / 1e6,
            60.0,
            "MB",
            format!("{each:.0} bytes a session"),
        ),
    ]
}

/// The median time of a look-up, in microseconds
async fn time_of_look_up(store: &Arc<BrokerStore>) -> f64 {
    let name = bytes::name(0);
    let mut times = Vec::new();
    for _ in 0..WARM_UP + ROUNDS {
        let start = Instant::now();
        store.find(bytes::tree(u32::MAX), FindBy::Name(&name), None).await.expect("the broker works");
        times.push(start.elapsed());
    }
    median(&mut times[WARM_UP..])
}

/// The median time of a draw of slots, in microseconds
async fn time_of_draw(store: &Arc<BrokerStore>) -> f64 {
    let draw = SlotDraw { slots: 10, patience: Duration::from_secs(55), report: LimitReport::default() };
    let mut times = Vec::new();
    for _ in 0..WARM_UP + ROUNDS {
        let start = Instant::now();
        store.draw(UserKey([7; 16]), draw).await.expect("the broker works");
        times.push(start.elapsed());
    }
    median(&mut times[WARM_UP..])
}

/// Looks sessions up in the broker of a folder, as one of four processes
pub(crate) fn look_up(folder: &str) {
    clients::look_up(&BrokerStore::new(BrokerOptions::new(folder.into())));
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
