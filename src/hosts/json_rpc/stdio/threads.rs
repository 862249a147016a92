//! Standard input and output on systems where only a thread can wait for them.

use std::convert::Infallible;
use std::io;
use std::io::Write;

use crate::hosts::json_rpc::stdio::OutputPipe;

/// An input that the runtime can wait for, which does not exist on these systems
pub(crate) struct Polled(Infallible);

impl Polled {
    pub(crate) fn stdin() -> Option<Self> {
        None
    }

    #[expect(clippy::unused_async, reason = "there is none")]
    pub(crate) async fn read(&mut self, _chunk: &mut [u8]) -> io::Result<usize> {
        match self.0 {}
    }
}

/// Standard output
pub(crate) struct Stdout(io::Stdout);

impl Stdout {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Stdout(io::stdout()))
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl OutputPipe for Stdout {
    fn takes(&self, _bytes: usize) -> bool {
        false
    }
}
