//! The listening socket, which numbers its connections and can close them.

use std::collections::HashMap;
use std::io;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use tokio_rustls::TlsAcceptor;

use crate::lock::locked;
use crate::server::tls::Stream;

/// The open connections. The second handle of each socket closes it while a request is in flight (a lost response), and
/// all of them when the simulator stops.
#[derive(Default)]
pub(crate) struct Connections {
    open: Mutex<HashMap<u64, std::net::TcpStream>>,
}

impl Connections {
    /// Closes a connection at once, even if data is not written yet.
    pub(crate) fn close(&self, number: u64) {
        if let Some(stream) = locked(&self.open).get(&number) {
            // An error means that the other side has closed it already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Closes all connections.
    pub(crate) fn close_all(&self) {
        for stream in locked(&self.open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The listening socket.
pub(crate) struct Listener {
    pub(crate) inner: TcpListener,
    /// None for plain HTTP.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) connections: Arc<Connections>,
    /// The number of accepted connections.
    pub(crate) accepted: u64,
}

impl Listener {
    /// Sends without delay, and keeps a second handle.
    fn adopt(&self, number: u64, stream: TcpStream) -> io::Result<Connection> {
        stream.set_nodelay(true)?;
        let stream = stream.into_std()?;
        locked(&self.connections.open).insert(number, stream.try_clone()?);
        Ok(Connection {
            inner: Stream::new(TcpStream::from_std(stream)?, self.tls.as_ref()),
            number,
            connections: Arc::clone(&self.connections),
        })
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let (stream, address) = axum::serve::Listener::accept(&mut self.inner).await;
            self.accepted += 1;
            // A connection that was closed before this is ignored.
            if let Ok(connection) = self.adopt(self.accepted, stream) {
                return (connection, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// An accepted connection.
pub(crate) struct Connection {
    inner: Stream,
    number: u64,
    connections: Arc<Connections>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        locked(&self.connections.open).remove(&self.number);
    }
}

/// The number of a request's connection, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionNumber(pub(crate) u64);

impl Connected<IncomingStream<'_, Listener>> for ConnectionNumber {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        ConnectionNumber(stream.io().number)
    }
}

/// Calls a method of the stream when its handshake is finished.
macro_rules! forward {
    ($self:ident, $context:ident, $method:ident($($argument:expr),*)) => {{
        ready!($self.inner.poll_ready($context))?;
        match &mut $self.inner {
            Stream::Plain(stream) => Pin::new(stream).$method($context $(, $argument)*),
            Stream::Secure(stream) => Pin::new(stream.as_mut()).$method($context $(, $argument)*),
            Stream::Greeting(_) => Poll::Pending,
        }
    }};
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        forward!(self, context, poll_read(buffer))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        forward!(self, context, poll_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        forward!(self, context, poll_write_vectored(parts))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.inner {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Greeting(_) => false,
            Stream::Secure(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        forward!(self, context, poll_flush())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        forward!(self, context, poll_shutdown())
    }
}
