//! A server that replays the same responses to every client, so that only the clients differ.

use std::collections::BTreeMap;
use std::net::TcpListener;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::records::responses;

type Responses = BTreeMap<String, Vec<u8>>;

/// Serves until the process ends
pub(crate) fn serve(listener: TcpListener) {
    let responses: &'static Responses = Box::leak(Box::new(responses()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    listener.set_nonblocking(true).expect("a socket can be non-blocking");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("the runtime accepts it");
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(answer(stream, responses));
        }
    });
}

async fn answer(mut stream: TcpStream, responses: &'static Responses) {
    let _ = stream.set_nodelay(true);
    let mut request = Vec::new();
    loop {
        while let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            let line = String::from_utf8_lossy(&request[..end]);
            let path = line.split([' ', '?']).nth(1).unwrap_or_default();
            let response = responses.get(path).unwrap_or_else(|| panic!("there is no response for {path}"));
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
