//! The server on standard input and output, for a client that starts this process.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use rmcp::service::ServerInitializeError;
use rmcp::service::serve_server_with_ct;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::stdio_pipes;
use tokio::io::AsyncRead;
use tokio::io::ReadBuf;
use tokio_util::sync::CancellationToken;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::dispatch::Dispatcher;
use crate::hosts::mcp::adapter::Adapter;
use crate::hosts::mcp::caller::Caller;
use crate::hosts::mcp::caller::close_idle_sessions;
use crate::hosts::mcp::offer::Offer;

/// The maximum length of a message, in bytes
const MAX_LINE: usize = 4 << 20;

/// The time for cancelled calls to end and for their responses to be written
const SHUTDOWN_TIME: Duration = Duration::from_millis(600);

/// Serves the client until the input ends or `interrupted` resolves
///
/// Sessions that no action has used for the idle limit are closed. At the end, calls in flight are cancelled and answered,
/// which takes less than a second even if the client does not read.
///
/// Errors: the client begins with something else than a request of the protocol.
pub async fn serve_stdio(
    dispatcher: Arc<Dispatcher>,
    offer: Offer,
    idle_limit: Duration,
    interrupted: impl Future<Output = ()>,
) -> Result<(), Error> {
    let offer = Arc::new(offer);
    let caller = Arc::new(Caller::start(Arc::clone(&dispatcher), Arc::clone(&offer))?);
    let adapter = Adapter::new(Arc::clone(&dispatcher), &offer, Some(Arc::clone(&caller)));
    let (input_ended, stop) = (CancellationToken::new(), CancellationToken::new());
    let (input, output) = stdio_pipes();
    let input = NotedEnd { input, ended: input_ended.clone() };
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(MAX_LINE);
    let served = async {
        match serve_server_with_ct(adapter, transport, stop.clone()).await {
            // The SDK waits for the calls in flight, which the end of the bot run cancels.
            Ok(running) => drop(running.waiting().await),
            Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => {}
            // The error of the SDK has the message, which may contain a token.
            Err(_) => return Err(not_begun()),
        }
        Ok(())
    };
    let mut served = std::pin::pin!(served);
    tokio::select! {
        result = &mut served => return result,
        () = input_ended.cancelled() => {}
        () = interrupted => {}
        never = close_idle_sessions(&dispatcher, idle_limit) => match never {},
    }
    dispatcher.end_soon();
    caller.end();
    stop.cancel();
    let settled = async {
        let result = served.await;
        caller.tasks().ended().await;
        result
    };
    tokio::time::timeout(SHUTDOWN_TIME, settled).await.unwrap_or(Ok(()))
}

fn not_begun() -> Error {
    Error::new(
        ErrorCode::InputInvalid,
        "the client did not begin with a request of the Model Context Protocol",
    )
    .help("Start `azdo-bot mcp` from an MCP client; docs/hosts/mcp.md shows how.")
}

/// An input that notes its end
struct NotedEnd<R> {
    input: R,
    ended: CancellationToken,
}

impl<R: AsyncRead + Unpin> AsyncRead for NotedEnd<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.input).poll_read(context, buffer);
        if let Poll::Ready(result) = &read
            && (result.is_err() || buffer.filled().len() == before)
        {
            self.ended.cancel();
        }
        read
    }
}
