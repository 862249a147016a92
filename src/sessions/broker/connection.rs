//! The connection of one process to a broker: its calls begin in their order, and those that wait for a store go on together.

use std::future::Future;
use std::future::poll_fn;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::io::AsyncBufRead;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::BufReader;

use crate::sessions::broker::connected_process::ConnectedProcess;
use crate::sessions::broker::message::CallLine;
use crate::sessions::broker::message::read_line;
use crate::sessions::broker::outgoing::Queue;
use crate::sessions::broker::outgoing::send;
use crate::sessions::broker::served::Served;

/// How many calls of a process wait for a store at the same time
const TOGETHER: usize = 256;

/// Serves a process until it or its connection ends
pub(super) async fn serve(stream: impl AsyncRead + AsyncWrite + Send, number: u64, served: Arc<Served>) {
    let (read, mut write) = tokio::io::split(stream);
    let mut read = BufReader::new(read);
    let (queue, mut waiting) = Queue::new();
    let store = served.name.clone();
    let process = ConnectedProcess::new(number, served, Arc::clone(&queue));
    let mut running = FuturesUnordered::new();
    // Either side may end first: who does not read is not waited for, and what is no message ends the connection.
    tokio::select! {
        () = carry_out(&process, &mut read, &mut running) => {}
        _ = send(&mut write, &mut waiting, &queue, &store) => {}
    }
    // The process reads no more responses, so none of them has to wait for a place in the queue.
    drop(waiting);
    // What the process has called for is done, also if it has ended since.
    while running.next().await.is_some() {}
    process.end();
}

/// A call that is being carried out; it says whether its process can still be served
type RunningCall<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Carries calls out until the connection ends
async fn carry_out<'a>(
    process: &'a ConnectedProcess,
    read: &mut (impl AsyncBufRead + Unpin),
    running: &mut FuturesUnordered<RunningCall<'a>>,
) {
    let mut line = Vec::new();
    loop {
        let next = {
            let mut reading = pin!(read_line(read, &mut line));
            loop {
                tokio::select! {
                    biased;
                    Some(goes_on) = running.next() => if !goes_on { return },
                    next = &mut reading, if running.len() < TOGETHER => break next,
                }
            }
        };
        let Some(CallLine { id, call }) = next else { return };
        if id.is_none() {
            // It may end what a call before it is about to begin.
            while running.next().await.is_some() {}
        }
        let mut call: RunningCall<'_> = Box::pin(process.answer(id, call));
        // A store in this process responds at once, so that its calls are carried out in their order.
        match poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await {
            Poll::Ready(true) => {}
            Poll::Ready(false) => return,
            Poll::Pending => running.push(call),
        }
    }
}
