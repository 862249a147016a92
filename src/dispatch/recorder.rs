//! The audit recorder: a thread writes the records in order, and no action waits for it for long.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;
use std::time::SystemTime;

use thiserror::Error;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::contract::AuditRecord;
use crate::contract::AuditSink;
use crate::contract::ErrorCode;

/// How long an outcome waits for its record
const LIMIT: Duration = Duration::from_secs(5);

/// How long an outcome waits when the process is about to end
const LAST_LIMIT: Duration = Duration::from_millis(250);

/// The maximum number of records kept while the sink does not accept them; further records are lost
const MAX_WAITING: usize = 4096;

/// A record in the queue to the thread
pub(super) struct QueuedRecord {
    pub(super) time: SystemTime,
    pub(super) bot_run: String,
    pub(super) action: String,
    pub(super) session: Option<String>,
    pub(super) target: Option<String>,
    pub(super) error: Option<ErrorCode>,
    pub(super) activity: Option<String>,
    pub(super) requests: u64,
}

/// Why a record was not written
#[derive(Debug, Error)]
pub(super) enum Unrecorded {
    /// The sink refused it
    #[error("the audit file cannot be written ({})", .0.kind())]
    Refused(io::Error),
    /// The sink takes too long, or took too long for an earlier record
    #[error("writing to the audit file takes too long")]
    Late,
}

/// Writes the audit records of all actions
pub(super) struct Recorder {
    jobs: mpsc::SyncSender<Job>,
    state: Arc<State>,
    ending: CancellationToken,
}

#[derive(Default)]
struct State {
    /// An earlier record was refused or late, and has not been written since
    failing: AtomicBool,
    /// An outcome waited for its record in vain, and the sink has finished none since
    late: AtomicBool,
    /// Records and checks that the thread has not finished
    pending: AtomicUsize,
}

impl State {
    /// Whether the sink does not return from an earlier record
    fn is_stuck(&self) -> bool {
        self.late.load(Ordering::Acquire) && self.pending.load(Ordering::Acquire) > 0
    }
}

struct Job {
    /// `None` to write only earlier records
    record: Option<QueuedRecord>,
    done: oneshot::Sender<Result<(), io::Error>>,
}

impl Recorder {
    /// Starts the thread, which ends with the recorder
    pub(super) fn new(sink: Box<dyn AuditSink>) -> Self {
        let (jobs, receiver) = mpsc::sync_channel(MAX_WAITING);
        let state = Arc::new(State::default());
        let thread_state = Arc::clone(&state);
        // Without a thread the channel is closed, and every record is refused.
        let _ = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || write_all(&receiver, &*sink, &thread_state));
        Recorder { jobs, state, ending: CancellationToken::new() }
    }

    /// Limits all further waits to what a process at its end can afford
    pub(super) fn end_soon(&self) {
        self.ending.cancel();
    }

    /// Checks whether the next record can be written, judging by the earlier ones; unwritten ones are tried again
    pub(super) async fn check_ready(&self) -> Result<(), Unrecorded> {
        if !self.state.failing.load(Ordering::Acquire) {
            return Ok(());
        }
        self.enqueue(None).await
    }

    /// Writes a record after all earlier ones
    pub(super) async fn record(&self, record: QueuedRecord) -> Result<(), Unrecorded> {
        self.enqueue(Some(record)).await
    }

    async fn enqueue(&self, record: Option<QueuedRecord>) -> Result<(), Unrecorded> {
        let result = self.send(record).await;
        if result.is_err() {
            self.state.failing.store(true, Ordering::Release);
        }
        result
    }

    async fn send(&self, record: Option<QueuedRecord>) -> Result<(), Unrecorded> {
        let stuck = self.state.is_stuck();
        if stuck && record.is_none() {
            return Err(Unrecorded::Late);
        }
        let (done, result) = oneshot::channel();
        self.state.pending.fetch_add(1, Ordering::AcqRel);
        if let Err(error) = self.jobs.try_send(Job { record, done }) {
            self.state.pending.fetch_sub(1, Ordering::AcqRel);
            return Err(match error {
                mpsc::TrySendError::Full(_) => Unrecorded::Late,
                mpsc::TrySendError::Disconnected(_) => {
                    Unrecorded::Refused(io::Error::other("the audit thread did not start"))
                }
            });
        }
        if stuck {
            // It is written when the sink recovers; this call does not wait for that.
            return Err(Unrecorded::Late);
        }
        let last = async {
            self.ending.cancelled().await;
            tokio::time::sleep(LAST_LIMIT).await;
        };
        tokio::select! {
            biased;
            result = result => {
                let result = result.unwrap_or_else(|_| Err(io::Error::other("the audit thread has ended")));
                result.map_err(Unrecorded::Refused)
            }
            () = tokio::time::sleep(LIMIT) => self.late(),
            () = last => self.late(),
        }
    }

    fn late(&self) -> Result<(), Unrecorded> {
        self.state.late.store(true, Ordering::Release);
        Err(Unrecorded::Late)
    }
}

/// Writes the records in order; a refused record stays first in the queue
fn write_all(jobs: &mpsc::Receiver<Job>, sink: &dyn AuditSink, state: &State) {
    let mut waiting = VecDeque::new();
    for Job { record, done } in jobs {
        waiting.extend(record.filter(|_| waiting.len() < MAX_WAITING));
        let result = write_waiting(&mut waiting, sink);
        state.failing.store(result.is_err(), Ordering::Release);
        state.late.store(false, Ordering::Release);
        state.pending.fetch_sub(1, Ordering::AcqRel);
        let _ = done.send(result);
    }
}

fn write_waiting(waiting: &mut VecDeque<QueuedRecord>, sink: &dyn AuditSink) -> io::Result<()> {
    while let Some(record) = waiting.front() {
        sink.write(&AuditRecord {
            time: record.time,
            bot_run: &record.bot_run,
            action: &record.action,
            session: record.session.clone(),
            target: record.target.clone(),
            error: record.error,
            activity: record.activity.clone(),
            requests: record.requests,
        })?;
        waiting.pop_front();
    }
    Ok(())
}
