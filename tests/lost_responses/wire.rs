//! HTTP/1.1 messages on the wire: read completely, and passed on byte for byte.

use std::io;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt as _;

/// A request or a response
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// The first line: `POST /fabrikam/… HTTP/1.1`, `HTTP/1.1 200 OK`
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    /// The body without its framing
    pub(crate) body: Vec<u8>,
    /// The bytes as received
    pub(crate) bytes: Vec<u8>,
}

/// Reads messages from one side of a connection
pub(crate) struct Reader<S> {
    stream: S,
    ahead: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    /// Returns the target as it was sent, with its query
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the path alone
    pub(crate) fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// Returns the status of a response
    pub(crate) fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }
}

impl<S: AsyncRead + Unpin> Reader<S> {
    pub(crate) fn new(stream: S) -> Self {
        Reader { stream, ahead: Vec::new() }
    }

    /// Returns the next message, or `None` when the other side has closed.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Message>> {
        let mut message = Message::default();
        let mut first = true;
        loop {
            let Some(line) = self.line(&mut message.bytes).await? else { return Ok(None) };
            match line.split_once(": ").or_else(|| line.split_once(':')) {
                _ if first => message.line = line,
                _ if line.is_empty() => break,
                Some((name, value)) => message.headers.push((name.to_owned(), value.trim().to_owned())),
                None => return Err(io::ErrorKind::InvalidData.into()),
            }
            first = false;
        }
        let chunked =
            message.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        let length = message.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        if !chunked {
            self.take(length, &mut message).await?;
            return Ok(Some(message));
        }
        loop {
            let line = self.line(&mut message.bytes).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let size = line.split(';').next().and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
            let size = size.ok_or(io::ErrorKind::InvalidData)?;
            self.take(size, &mut message).await?;
            self.line(&mut message.bytes).await?;
            if size == 0 {
                return Ok(Some(message));
            }
        }
    }

    /// Reads a line without its end, and keeps the bytes
    async fn line(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.ahead.windows(2).position(|two| two == b"\r\n") {
                let line = String::from_utf8_lossy(&self.ahead[..end]).into_owned();
                bytes.extend(self.ahead.drain(..end + 2));
                return Ok(Some(line));
            }
            if self.fill().await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn take(&mut self, size: usize, message: &mut Message) -> io::Result<()> {
        while self.ahead.len() < size {
            if self.fill().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        message.body.extend_from_slice(&self.ahead[..size]);
        message.bytes.extend(self.ahead.drain(..size));
        Ok(())
    }

    async fn fill(&mut self) -> io::Result<usize> {
        self.stream.read_buf(&mut self.ahead).await
    }
}
