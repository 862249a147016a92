//! A proxy between client and service: it drops changes before the service or their responses after it, delays both as
//! a schedule says, and records which changes were carried out.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::wire::Message;
use crate::wire::Reader;

/// POST requests that only read
const QUESTIONS: [&str; 3] = ["/wiql", "/workitemsbatch", "/permissionevaluationbatch"];

/// The duration of a request
const LATENCY: Duration = Duration::from_millis(1);

/// The fate of a change
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fate {
    /// It is carried out, and the response arrives
    Delivered,
    /// The connection is closed before it reaches the service
    Refused,
    /// A gateway responds with 502 before it reaches the service
    BadGateway,
    /// It is carried out, then the connection is closed
    Lost,
    /// It is carried out, then a gateway responds with 504
    GatewayTimeout,
    /// It is carried out, and its response is truncated
    CutShort,
}

impl Fate {
    pub(crate) const ALL: [Fate; 6] =
        [Fate::Delivered, Fate::Refused, Fate::BadGateway, Fate::Lost, Fate::GatewayTimeout, Fate::CutShort];

    pub(crate) fn arrives(self) -> bool {
        !matches!(self, Fate::Refused | Fate::BadGateway)
    }
}

/// An event that happens once, and that can be awaited
#[derive(Debug)]
pub(crate) struct Event(Semaphore);

impl Default for Event {
    fn default() -> Self {
        Event(Semaphore::new(0))
    }
}

impl Event {
    pub(crate) fn happen(&self) {
        self.0.close();
    }

    pub(crate) async fn happened(&self) {
        let closed = self.0.acquire().await;
        assert!(closed.is_err(), "it has no permits");
    }
}

/// A point where a call is held until it is released
#[derive(Debug, Default)]
pub(crate) struct Gate {
    pub(crate) reached: Event,
    pub(crate) open: Event,
}

impl Gate {
    async fn pass(gate: Option<&Arc<Gate>>) {
        let Some(gate) = gate else { return };
        gate.reached.happen();
        gate.open.happened().await;
    }
}

/// The interruption of one call in a schedule
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// The index of the interrupted change; the others are delivered
    pub(crate) struck: usize,
    pub(crate) fate: Fate,
    /// Before the interrupted change reaches the service
    pub(crate) held: Option<Arc<Gate>>,
    /// After it arrived, before its fate
    pub(crate) carried: Option<Arc<Gate>>,
    /// Before the next request
    pub(crate) looking: Option<Arc<Gate>>,
}

/// A change that a call sent
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) caller: usize,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
    /// The response of the service; `None` when the change never arrived
    pub(crate) answer: Option<(u16, Value)>,
}

impl Sent {
    /// The requested change
    pub(crate) fn what(&self) -> (&str, &str, &[u8]) {
        (&self.method, &self.target, &self.body)
    }

    /// Returns whether the service carried it out
    pub(crate) fn carried_out(&self) -> bool {
        let Some((status, answer)) = &self.answer else { return false };
        (200..300).contains(status) && answer["value"][0]["success"] != false
    }
}

/// The senders and the fates of changes
#[derive(Default)]
pub(crate) struct Director {
    /// The current call of each session
    pub(crate) callers: HashMap<String, usize>,
    /// The interruption of a call
    pub(crate) scripts: HashMap<usize, Script>,
    /// The fate of a change without a script
    pub(crate) chance: Option<Box<dyn FnMut() -> Fate + Send>>,
    pub(crate) sent: Vec<Sent>,
    /// The session of the latest request
    pub(crate) latest: Option<String>,
}

/// The running proxy
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    director: Arc<Mutex<Director>>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub(crate) async fn before(service: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port on loopback is free");
        let address = listener.local_addr().expect("it listens");
        let director = Arc::<Mutex<Director>>::default();
        let shared = Arc::clone(&director);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let director = Arc::clone(&shared);
                // The client handles broken connections.
                tokio::spawn(async move { drop(serve(client, service, &director).await) });
            }
        });
        Proxy { address, director, task }
    }

    pub(crate) fn director(&self) -> MutexGuard<'_, Director> {
        self.director.lock().expect("no test panics here")
    }
}

fn lock(director: &Mutex<Director>) -> MutexGuard<'_, Director> {
    director.lock().expect("no test panics here")
}

/// The connection to the service behind one to the client
struct Upstream(Reader<OwnedReadHalf>, OwnedWriteHalf);

impl Upstream {
    async fn connect(service: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(service).await?;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        Ok(Upstream(Reader::new(read), write))
    }

    async fn ask(&mut self, request: &Message) -> std::io::Result<Message> {
        // A request takes some time: no two resources are created at the same moment.
        tokio::time::sleep(LATENCY).await;
        self.1.write_all(&request.bytes).await?;
        let answer = loop {
            let answer = self.0.next().await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
            if answer.status() != 100 {
                break answer;
            }
        };
        Ok(answer)
    }
}

async fn serve(client: TcpStream, service: SocketAddr, director: &Mutex<Director>) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let (read, mut write) = client.into_split();
    let mut requests = Reader::new(read);
    let mut upstream = Upstream::connect(service).await?;
    while let Some(request) = requests.next().await? {
        let answer = match enter(&request, director) {
            Entered::Question(gate) => {
                Gate::pass(gate.as_ref()).await;
                upstream.ask(&request).await?
            }
            Entered::Change(at, script) => {
                Gate::pass(script.held.as_ref()).await;
                if script.fate == Fate::Refused {
                    return Ok(());
                }
                if script.fate.arrives() {
                    let answer = upstream.ask(&request).await?;
                    let body = serde_json::from_slice(&answer.body).unwrap_or_default();
                    if let Some(sent) = lock(director).sent.get_mut(at) {
                        sent.answer = Some((answer.status(), body));
                    }
                    Gate::pass(script.carried.as_ref()).await;
                    match script.fate {
                        Fate::Lost => return Ok(()),
                        Fate::GatewayTimeout => gateway("504 Gateway Timeout"),
                        Fate::CutShort => {
                            let cut = answer.bytes.len() - answer.body.len().div_ceil(2).max(1);
                            write.write_all(&answer.bytes[..cut]).await?;
                            return Ok(());
                        }
                        _ => answer,
                    }
                } else {
                    Gate::pass(script.carried.as_ref()).await;
                    gateway("502 Bad Gateway")
                }
            }
        };
        write.write_all(&answer.bytes).await?;
    }
    Ok(())
}

/// Returns a response that is not from the service
fn gateway(status: &str) -> Message {
    let body = "<html>No answer from upstream</html>";
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Message::default();
    answer.bytes = text.into_bytes();
    answer
}

enum Entered {
    Question(Option<Arc<Gate>>),
    /// Its index among the sent changes
    Change(usize, Script),
}

/// Records a request and returns its fate
fn enter(request: &Message, director: &Mutex<Director>) -> Entered {
    let mut director = lock(director);
    let session = request.header("x-tfs-session").unwrap_or_default().to_owned();
    let caller = director.callers.get(&session).copied().unwrap_or(usize::MAX);
    director.latest = Some(session);
    let changes = director.sent.iter().filter(|sent| sent.caller == caller).count();
    if request.method() == "GET" || QUESTIONS.iter().any(|end| request.path().to_lowercase().ends_with(end)) {
        let script = director.scripts.get_mut(&caller).filter(|script| changes > script.struck);
        return Entered::Question(script.and_then(|script| script.looking.take()));
    }
    let (method, target) = (request.method().to_owned(), request.target().to_owned());
    director.sent.push(Sent { caller, method, target, body: request.body.clone(), answer: None });
    let script = director.scripts.get(&caller).filter(|script| script.struck == changes).cloned();
    let fate = match (&script, &mut director.chance) {
        (Some(script), _) => script.fate,
        (None, Some(chance)) => chance(),
        (None, None) => Fate::Delivered,
    };
    let plain = Script { struck: 0, fate, held: None, carried: None, looking: None };
    Entered::Change(director.sent.len() - 1, script.unwrap_or(plain))
}
