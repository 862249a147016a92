//! Calls that take long, as tasks: the client asks for their state instead of waiting for the response.
//!
//! A client that declares tasks gets the result of a short call at once. A call that takes longer goes on without its
//! request, which suits connections that end after a minute (decision 0214).

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::sync::DropGuard;
use uuid::Uuid;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Progress;
use crate::contract::timestamp_now;
use crate::hosts::mcp::answer::ToolAnswer;

/// How long the request of a call waits for its result before the client gets a task
pub(super) const HAND_OVER: Duration = Duration::from_secs(3);

/// How long the result of a task is kept
const RETENTION: Duration = Duration::from_secs(15 * 60);

/// How many tasks a caller has at most; a further call keeps its request waiting
const MOST: usize = 64;

/// How often a client should ask
pub(super) const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The tasks of a caller, the oldest first
#[derive(Default)]
pub(super) struct Tasks(Mutex<Vec<Arc<Task>>>);

/// A call that goes on by itself
pub(super) struct Task {
    id: String,
    created: Timestamp,
    begun: Instant,
    cancel: CancellationToken,
    state: watch::Sender<TaskState>,
}

/// The state of a task
#[derive(Debug, Clone)]
pub(super) struct TaskState {
    /// The latest report of its progress
    pub(super) message: Option<String>,
    /// When this state began
    pub(super) updated: Timestamp,
    /// The answer and when it came
    ended: Option<(Arc<Result<ToolAnswer, Error>>, Instant)>,
}

impl TaskState {
    /// Returns the answer, if the call has ended
    pub(super) fn answer(&self) -> Option<&Arc<Result<ToolAnswer, Error>>> {
        self.ended.as_ref().map(|(answer, _)| answer)
    }
}

impl Task {
    /// Begins a call that does not depend on its request
    pub(super) fn begin<F>(call: impl FnOnce(Arc<Task>) -> F) -> Arc<Self>
    where
        F: Future<Output = Result<ToolAnswer, Error>> + Send + 'static,
    {
        let task = Arc::new(Task::new());
        let (running, call) = (NotedEnd(Arc::clone(&task)), call(Arc::clone(&task)));
        tokio::spawn(async move {
            let answer = call.await;
            running.0.end(answer);
        });
        task
    }

    fn new() -> Self {
        let created = timestamp_now();
        let state = TaskState { message: None, updated: created, ended: None };
        Task {
            id: Uuid::new_v4().to_string(),
            created,
            begun: Instant::now(),
            cancel: CancellationToken::new(),
            state: watch::Sender::new(state),
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn created(&self) -> Timestamp {
        self.created
    }

    pub(super) fn state(&self) -> TaskState {
        self.state.borrow().clone()
    }

    /// Returns how long after its creation the task may be forgotten; this grows until it has ended
    pub(super) fn lifetime(&self) -> Duration {
        let until = self.state.borrow().ended.as_ref().map_or_else(Instant::now, |(_, at)| *at);
        until.duration_since(self.begun) + RETENTION
    }

    /// Asks the call to end
    pub(super) fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Asks the call to end when this is dropped, as when its request ends without a response
    pub(super) fn with_its_request(&self) -> DropGuard {
        self.cancel.clone().drop_guard()
    }

    /// Waits until the call is asked to end
    pub(super) async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// Waits for the answer
    pub(super) async fn answer(&self) -> Arc<Result<ToolAnswer, Error>> {
        let mut state = self.state.subscribe();
        // The sender lives as long as the task.
        let ended = state.wait_for(|state| state.ended.is_some()).await;
        let answer = ended.ok().and_then(|state| state.answer().cloned());
        answer.unwrap_or_else(|| Arc::new(Err(broken())))
    }

    /// Returns the reports of its progress; one that is not read in time is replaced by the next
    pub(super) fn reports(&self) -> watch::Receiver<TaskState> {
        self.state.subscribe()
    }

    fn end(&self, answer: Result<ToolAnswer, Error>) {
        self.state.send_if_modified(|state| {
            let first = state.ended.is_none();
            if first {
                state.updated = timestamp_now();
                state.ended = Some((Arc::new(answer), Instant::now()));
            }
            first
        });
    }

    fn is_forgotten(&self) -> bool {
        self.state.borrow().ended.as_ref().is_some_and(|(_, at)| at.elapsed() >= RETENTION)
    }
}

impl Progress for Task {
    fn report(&self, message: &str) {
        self.state.send_modify(|state| {
            state.message = Some(message.to_owned());
            state.updated = timestamp_now();
        });
    }
}

/// Ends a task whose call ends without an answer, by a panic
struct NotedEnd(Arc<Task>);

impl Drop for NotedEnd {
    fn drop(&mut self) {
        self.0.end(Err(broken()));
    }
}

fn broken() -> Error {
    Error::new(ErrorCode::Internal, "the call ended without an answer because of a bug in this package")
}

impl Tasks {
    /// Keeps a task for the client; returns whether there is room
    pub(super) fn keep(&self, task: &Arc<Task>) -> bool {
        let mut tasks = self.lock();
        tasks.retain(|task| !task.is_forgotten());
        let room = tasks.len() < MOST;
        if room {
            tasks.push(Arc::clone(task));
        }
        room
    }

    /// Returns a task of this caller
    pub(super) fn find(&self, id: &str) -> Option<Arc<Task>> {
        self.lock().iter().find(|task| task.id == id && !task.is_forgotten()).cloned()
    }

    /// Waits until every task has ended
    pub(super) async fn ended(&self) {
        let tasks = self.lock().clone();
        for task in tasks {
            task.answer().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Task>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Result<ToolAnswer, Error> {
        Ok(ToolAnswer::own(serde_json::json!({ "done": true })))
    }

    #[tokio::test(start_paused = true)]
    async fn a_result_is_kept_for_its_time_and_found_by_its_id() {
        let tasks = Tasks::default();
        let task = Arc::new(Task::new());
        assert!(tasks.keep(&task) && tasks.find(task.id()).is_some() && tasks.find("other").is_none());
        tokio::time::advance(10 * RETENTION).await;
        assert!(tasks.find(task.id()).is_some(), "it goes on");
        let running = task.lifetime();
        task.end(answer());
        task.end(Err(broken()));
        assert!(task.answer().await.is_ok(), "the first end counts");
        tokio::time::advance(RETENTION - Duration::from_secs(1)).await;
        assert!(tasks.find(task.id()).is_some());
        assert_eq!(task.lifetime(), running, "it grows only while the call goes on");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(tasks.find(task.id()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_has_so_many_tasks_only() {
        let tasks = Tasks::default();
        let first = Arc::new(Task::new());
        assert!(tasks.keep(&first));
        for _ in 1..MOST {
            assert!(tasks.keep(&Arc::new(Task::new())));
        }
        assert!(!tasks.keep(&Arc::new(Task::new())));
        first.end(answer());
        assert!(!tasks.keep(&Arc::new(Task::new())), "its result is still to be read");
        tokio::time::advance(RETENTION).await;
        assert!(tasks.keep(&Arc::new(Task::new())));
    }

    #[tokio::test]
    async fn a_call_that_panics_ends_its_task() {
        async fn call() -> Result<ToolAnswer, Error> {
            panic!("in the call, as the test wants it")
        }
        let task = Task::begin(|_| call());
        let answer = task.answer().await;
        assert_eq!(answer.as_ref().as_ref().map_err(Error::code).unwrap_err(), ErrorCode::Internal);
    }

    #[tokio::test]
    async fn the_latest_report_is_the_message() {
        let task = Task::new();
        task.report("one");
        task.report("two");
        assert_eq!(task.state().message.as_deref(), Some("two"));
        assert!(task.state().answer().is_none());
    }
}
