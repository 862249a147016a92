//! Standard input and output on systems that support polling of pipes.

use std::fs::File;
use std::io;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt as _;

use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use rustix::event::poll;
use rustix::pipe::PIPE_BUF;
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;

use crate::hosts::json_rpc::stdio::OutputPipe;

/// An input that the runtime can wait for
pub(crate) struct Polled(Receiver);

impl Polled {
    /// Returns standard input, if it is a pipe
    pub(crate) fn stdin() -> Option<Self> {
        let input = io::stdin().as_fd().try_clone_to_owned().ok()?;
        Receiver::from_owned_fd(input).ok().map(Polled)
    }

    /// Waits for bytes and reads those that are available
    ///
    /// This is cancel safe: if the future is dropped while it waits, nothing was read.
    pub(crate) async fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        self.0.read(chunk).await
    }
}

/// Standard output
pub(crate) struct Stdout {
    output: File,
    is_pipe: bool,
}

impl Stdout {
    pub(crate) fn new() -> io::Result<Self> {
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let is_pipe = output.metadata()?.file_type().is_fifo();
        Ok(Stdout { output, is_pipe })
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl OutputPipe for Stdout {
    /// A pipe that is ready for writing accepts `PIPE_BUF` bytes without blocking
    ///
    /// The pipe is polled and not set to non-blocking mode, which would apply to all writers of the pipe, as with
    /// `2>&1`.
    fn takes(&self, bytes: usize) -> bool {
        let mut asked = [PollFd::new(&self.output, PollFlags::OUT)];
        self.is_pipe
            && bytes <= PIPE_BUF
            && poll(&mut asked, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
    }
}
