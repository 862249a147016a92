//! The socket of a broker, or its named pipe on Windows: one per folder, and only its user reaches it.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(super) use tokio::net::UnixStream as ClientStream;
#[cfg(windows)]
pub(super) use tokio::net::windows::named_pipe::NamedPipeClient as ClientStream;
#[cfg(not(windows))]
pub(super) use unix::SocketListener as BrokerListener;
#[cfg(not(windows))]
pub(super) use unix::admit;
#[cfg(not(windows))]
pub(super) use unix::connect;
#[cfg(windows)]
pub(super) use windows::PipeListener as BrokerListener;
#[cfg(windows)]
pub(super) use windows::admit;
#[cfg(windows)]
pub(super) use windows::connect;
