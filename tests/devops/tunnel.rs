//! A proxy that forwards the hosts of a cloud to servers on loopback, so that tests use real names and certificates.

use std::net::SocketAddr;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::io::copy_bidirectional;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Ends with the test
pub(crate) struct Tunnel {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// Forwards `host:port` to an address, and rejects all other hosts
    pub(crate) async fn to(hosts: Vec<(String, SocketAddr)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(lead(client, hosts.clone()));
            }
        });
        Tunnel { address, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn lead(mut client: TcpStream, hosts: Vec<(String, SocketAddr)>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?;
    let Some((_, address)) = hosts.iter().find(|(host, _)| host == target) else {
        client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.ok()?;
        return None;
    };
    let mut server = TcpStream::connect(address).await.ok()?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok().map(drop)
}
