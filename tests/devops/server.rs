//! A server that responds with literal bytes and records every request and connection.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinHandle;

/// A request as it arrived
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The number of its connection, counted from 1
    pub(crate) connection: usize,
    pub(crate) method: String,
    /// Path and query
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().expect("split has a first part")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The steps of the server for a request; afterwards the connection stays open
pub(crate) enum Step {
    Write(Vec<u8>),
    /// One byte after another with this pause, until the client closes the connection
    Drip(Vec<u8>, Duration),
    /// The same bytes without end
    Flood(Vec<u8>),
    /// Waits until as many requests as the barrier counts have arrived
    Meet(Arc<Barrier>),
    Close,
    Reset,
    /// Nothing more, with the connection open
    Silence,
}

pub(crate) type Script = Vec<Step>;

/// A response with its content length
pub(crate) fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Script {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    vec![Step::Write(bytes)]
}

/// The activity id of JSON responses
pub(crate) const ACTIVITY: &str = "4a1f5e2c-0c4e-4b86-9d7f-0000000000a1";

/// A JSON response
pub(crate) fn json(status: &str, body: impl AsRef<[u8]>) -> Script {
    let headers = format!("content-type: application/json; charset=utf-8\r\nactivityid: {ACTIVITY}\r\n");
    reply(status, &headers, body)
}

/// Bytes that may not be a valid response
pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Script {
    vec![Step::Write(bytes.as_ref().to_vec())]
}

type Handler = dyn Fn(&Seen) -> Script + Send + Sync;

/// Ends with the test
pub(crate) struct Server {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Book {
    seen: Vec<Seen>,
    opened: usize,
    closed: usize,
}

/// A connection as the handler uses it
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {
    fn reset(&self) {}
}

impl Stream for TcpStream {
    fn reset(&self) {
        self.set_zero_linger().expect("a socket takes its options");
    }
}

impl Stream for tokio_rustls::server::TlsStream<TcpStream> {}

type Accepted = Pin<Box<dyn Future<Output = Option<Box<dyn Stream>>> + Send>>;

impl Server {
    /// Serves plain http
    pub(crate) async fn start(handler: impl Fn(&Seen) -> Script + Send + Sync + 'static) -> Server {
        Self::accepting(handler, |tcp| Box::pin(async move { Some(Box::new(tcp) as Box<dyn Stream>) })).await
    }

    /// Serves on the stream that is made of each accepted connection
    pub(crate) async fn accepting(
        handler: impl Fn(&Seen) -> Script + Send + Sync + 'static,
        accept: impl Fn(TcpStream) -> Accepted + Send + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let book = Arc::new(Mutex::new(Book::default()));
        let shared = book.clone();
        let handler: Arc<Handler> = Arc::new(handler);
        let task = tokio::spawn(async move {
            loop {
                let Ok((tcp, _)) = listener.accept().await else { return };
                let accepted = accept(tcp);
                let (handler, book) = (handler.clone(), shared.clone());
                let connection = {
                    let mut book = book.lock().expect("no test panics with the book");
                    book.opened += 1;
                    book.opened
                };
                tokio::spawn(async move {
                    if let Some(mut stream) = accepted.await {
                        serve(&mut *stream, connection, &*handler, &book).await;
                    }
                    book.lock().expect("no test panics with the book").closed += 1;
                });
            }
        });
        Server { address, book, task }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of an organization on this server
    pub(crate) fn url(&self) -> String {
        format!("http://{}/fabrikam", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.book.lock().expect("no test panics with the book").seen.clone()
    }

    /// The requests as `GET /path`, without their queries
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(|seen| format!("{} {}", seen.method, seen.path())).collect()
    }

    /// Connections accepted so far
    pub(crate) fn opened(&self) -> usize {
        self.book.lock().expect("no test panics with the book").opened
    }

    /// Waits until every connection is closed by the client
    pub(crate) async fn all_closed(&self) {
        let closed = async {
            loop {
                {
                    let book = self.book.lock().expect("no test panics with the book");
                    if book.closed == book.opened {
                        return;
                    }
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), closed)
            .await
            .expect("the client closes its connections");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: &mut dyn Stream, connection: usize, handler: &Handler, book: &Mutex<Book>) {
    let mut buffer = Vec::new();
    loop {
        let Some(seen) = read_request(stream, &mut buffer, connection).await else { return };
        book.lock().expect("no test panics with the book").seen.push(seen.clone());
        for step in handler(&seen) {
            if !perform(stream, step).await {
                return;
            }
        }
    }
}

/// Performs a step, and returns whether the connection continues
async fn perform(stream: &mut dyn Stream, step: Step) -> bool {
    match step {
        Step::Write(bytes) => stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok(),
        Step::Drip(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                    return false;
                }
                tokio::time::sleep(pause).await;
            }
            true
        }
        Step::Flood(bytes) => {
            while stream.write_all(&bytes).await.is_ok() {
                tokio::task::yield_now().await;
            }
            false
        }
        Step::Meet(barrier) => {
            barrier.wait().await;
            true
        }
        Step::Close => {
            // Everything that was written arrives before the end.
            let _ = stream.shutdown().await;
            false
        }
        Step::Reset => {
            stream.reset();
            false
        }
        Step::Silence => {
            let mut rest = [0; 1024];
            while matches!(stream.read(&mut rest).await, Ok(read) if read > 0) {}
            false
        }
    }
}

async fn read_request(stream: &mut dyn Stream, buffer: &mut Vec<u8>, connection: usize) -> Option<Seen> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, buffer).await?;
    };
    let head = String::from_utf8(buffer[..end].to_vec()).expect("the client writes ASCII");
    buffer.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next().expect("a request line").split(' ');
    let (method, target) = (first.next().expect("a method"), first.next().expect("a target"));
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    while buffer.len() < length {
        read_more(stream, buffer).await?;
    }
    let body = buffer.drain(..length).collect();
    Some(Seen { connection, method: method.to_owned(), target: target.to_owned(), headers, body })
}

async fn read_more(stream: &mut dyn Stream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4096];
    let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
    buffer.extend_from_slice(&chunk[..read]);
    Some(())
}
