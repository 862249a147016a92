//! The audit recorder: a thread writes the records in order, and no action waits for it for long.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::contract::AuditField;
use crate::contract::AuditRecord;
use crate::contract::AuditSink;

/// How long an outcome waits for its record
const LIMIT: Duration = Duration::from_secs(5);

/// How long an outcome waits when the process is about to end
const LAST_LIMIT: Duration = Duration::from_millis(250);

/// The maximum number of records kept while the sink does not accept them; further records are lost
const MAX_WAITING: usize = 4096;

/// Why a record was not written
#[derive(Debug, Error)]
pub(in crate::dispatch) enum Unrecorded {
    /// The sink refused it
    #[error("the audit trail cannot be written ({})", .0.kind())]
    Refused(io::Error),
    /// The sink takes too long, or took too long for an earlier record
    #[error("writing the audit trail takes too long")]
    Late,
}

/// Writes the audit records of all actions
pub(in crate::dispatch) struct Recorder {
    jobs: mpsc::SyncSender<Job>,
    state: Arc<State>,
    ending: CancellationToken,
    left_out: Vec<AuditField>,
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
    task: Task,
    done: oneshot::Sender<Result<(), io::Error>>,
}

/// What the thread does after it has written all earlier records
enum Task {
    /// Writes a record
    Write(Box<AuditRecord>),
    /// Nothing more
    Check,
    /// Opens the sink again
    Reopen,
}

impl Recorder {
    /// Starts the thread, which ends with the recorder
    pub(in crate::dispatch) fn new(sink: Box<dyn AuditSink>) -> Self {
        let (jobs, receiver) = mpsc::sync_channel(MAX_WAITING);
        let state = Arc::new(State::default());
        let left_out = sink.left_out().to_vec();
        let thread_state = Arc::clone(&state);
        // Without a thread the channel is closed, and every record is refused.
        let _ = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || write_all(&receiver, &*sink, &thread_state));
        Recorder { jobs, state, ending: CancellationToken::new(), left_out }
    }

    /// Limits all further waits to what a process at its end can afford
    pub(in crate::dispatch) fn end_soon(&self) {
        self.ending.cancel();
    }

    /// Checks whether the next record can be written, judging by the earlier ones; unwritten ones are tried again
    pub(in crate::dispatch) async fn check_ready(&self) -> Result<(), Unrecorded> {
        if !self.state.failing.load(Ordering::Acquire) {
            return Ok(());
        }
        self.enqueue(Task::Check).await
    }

    /// Writes a record after all earlier ones
    pub(in crate::dispatch) async fn record(&self, record: AuditRecord) -> Result<(), Unrecorded> {
        self.enqueue(self.write(record)).await
    }

    /// Writes a record after all earlier ones, without waiting for it
    pub(in crate::dispatch) fn record_later(&self, record: AuditRecord) {
        let _ = self.start(self.write(record));
    }

    /// Opens the sink again, so that a file that was replaced is released
    pub(in crate::dispatch) fn reopen(&self) {
        let _ = self.start(Task::Reopen);
    }

    fn write(&self, mut record: AuditRecord) -> Task {
        self.left_out.iter().for_each(|field| record.leave_out(*field));
        Task::Write(Box::new(record))
    }

    async fn enqueue(&self, task: Task) -> Result<(), Unrecorded> {
        let result = self.send(task).await;
        if result.is_err() {
            self.state.failing.store(true, Ordering::Release);
        }
        result
    }

    /// Puts a task into the queue, and returns what resolves when it is done
    fn start(&self, task: Task) -> Result<oneshot::Receiver<io::Result<()>>, Unrecorded> {
        let (done, result) = oneshot::channel();
        self.state.pending.fetch_add(1, Ordering::AcqRel);
        let Err(error) = self.jobs.try_send(Job { task, done }) else { return Ok(result) };
        self.state.pending.fetch_sub(1, Ordering::AcqRel);
        Err(match error {
            mpsc::TrySendError::Full(_) => Unrecorded::Late,
            mpsc::TrySendError::Disconnected(_) => {
                Unrecorded::Refused(io::Error::other("the audit thread did not start"))
            }
        })
    }

    async fn send(&self, task: Task) -> Result<(), Unrecorded> {
        let stuck = self.state.is_stuck();
        if stuck && matches!(task, Task::Check) {
            return Err(Unrecorded::Late);
        }
        let result = self.start(task)?;
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
    for Job { task, done } in jobs {
        let result = match task {
            Task::Reopen => sink.reopen(),
            Task::Check => Ok(()),
            Task::Write(record) => {
                waiting.extend(Some(record).filter(|_| waiting.len() < MAX_WAITING));
                Ok(())
            }
        };
        let result = write_waiting(&mut waiting, sink).and(result);
        state.failing.store(result.is_err(), Ordering::Release);
        state.late.store(false, Ordering::Release);
        state.pending.fetch_sub(1, Ordering::AcqRel);
        let _ = done.send(result);
    }
}

fn write_waiting(waiting: &mut VecDeque<Box<AuditRecord>>, sink: &dyn AuditSink) -> io::Result<()> {
    while let Some(record) = waiting.front() {
        sink.write(record)?;
        waiting.pop_front();
    }
    Ok(())
}
