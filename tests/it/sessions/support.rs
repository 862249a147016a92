//! Helpers of the tests: runs, targets, references, and futures that are polled by hand.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::ClosedSession;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reservation;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::Session;
use azdo_bot::sessions::Sessions;

pub(crate) fn run(id: &str) -> BotRunId {
    BotRunId::parse(id).expect("the test's id is one")
}

pub(crate) fn session_name(text: &str) -> SessionName {
    SessionName::parse(text).expect("the test's name is one")
}

pub(crate) fn local(text: &str) -> SessionTarget {
    SessionTarget::Local(session_name(text))
}

pub(crate) fn global(text: &str) -> SessionTarget {
    SessionTarget::Global(session_name(text))
}

pub(crate) fn by_name(text: &str) -> SessionReference {
    SessionReference::Name(session_name(text))
}

pub(crate) fn by_handle(handle: SessionHandle) -> SessionReference {
    SessionReference::Handle(handle)
}

/// The bot runs `root`, its child `child`, `sibling` beside it, and the root `other` of another tree
pub(crate) fn family() -> Sessions<u32> {
    let sessions = Sessions::new();
    for (id, parent) in [("root", None), ("child", Some("root")), ("sibling", Some("root")), ("other", None)]
    {
        sessions.start(&run(id), parent.map(run).as_ref()).expect("it was never started");
    }
    sessions
}

/// A future that is polled by hand and counts its wake-ups
pub(crate) struct ByHand<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl<'a, T> ByHand<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> Self {
        ByHand { future: Box::pin(future), wakes: Arc::new(Wakes(AtomicUsize::new(0))) }
    }

    pub(crate) fn poll(&mut self) -> Option<T> {
        let waker = Waker::from(Arc::clone(&self.wakes));
        match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    pub(crate) fn was_woken(&self) -> bool {
        self.wakes.0.load(Ordering::Relaxed) > 0
    }
}

/// A reservation that must not have to wait
pub(crate) fn reserve(
    sessions: &Sessions<u32>,
    id: &str,
    target: &SessionTarget,
    if_exists: IfSessionExists,
) -> Result<Reserved<u32>, Error> {
    ByHand::new(sessions.reserve(&run(id), target, if_exists)).poll().expect("nothing is being connected")
}

/// A reservation that must be a new one
pub(crate) fn reserve_new(sessions: &Sessions<u32>, id: &str, target: &SessionTarget) -> Reservation<u32> {
    match reserve(sessions, id, target, IfSessionExists::Error) {
        Ok(Reserved::New(reservation)) => reservation,
        other => panic!("expected a new reservation, got {other:?}"),
    }
}

/// Opens a reserved session in this process
pub(crate) fn complete(reservation: Reservation<u32>, connection: u32) -> Result<Arc<Session<u32>>, Error> {
    ByHand::new(reservation.complete(connection, None)).poll().expect("no store is asked")
}

/// Closes a session of this process
pub(crate) fn disconnect(
    sessions: &Sessions<u32>,
    id: &str,
    reference: &SessionReference,
) -> Result<ClosedSession, Error> {
    ByHand::new(sessions.close(&run(id), reference)).poll().expect("no store is asked")
}

/// Connects, with a number as the connection
pub(crate) fn open(
    sessions: &Sessions<u32>,
    id: &str,
    target: &SessionTarget,
    connection: u32,
) -> Arc<Session<u32>> {
    complete(reserve_new(sessions, id, target), connection).expect("the bot run is running")
}

/// Returns the connection of a reference, or the code of the error
pub(crate) fn find(
    sessions: &Sessions<u32>,
    id: &str,
    reference: &SessionReference,
) -> Result<u32, ErrorCode> {
    sessions.find(&run(id), reference).map(|session| *session.connection()).map_err(|error| error.code())
}

/// Returns the error code of Disconnect, or `None` if it closed a session
pub(crate) fn close(sessions: &Sessions<u32>, id: &str, reference: &SessionReference) -> Option<ErrorCode> {
    disconnect(sessions, id, reference).err().map(|error| error.code())
}
