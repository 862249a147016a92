//! The guarantees of dispatch for every action: a panic ends one call, and every call is recorded.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;

use azdo_bot::contract::AuditPhase;
use azdo_bot::contract::AuditRecord;
use azdo_bot::contract::AuditSink;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TokenSource;
use azdo_bot::devops::Connection;
use azdo_bot::sessions::Session;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::code;
use crate::flow::support::invocation;
use crate::flow::support::world;

/// Panics at the first request and returns its token afterwards
struct Panicking(Mutex<Option<()>>, String);

impl TokenSource for Panicking {
    fn token<'a>(
        &'a self,
        _: &'a Credential,
        _: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        let first = self.0.lock().expect("it is not held in a panic").take().is_some();
        Box::pin(async move {
            assert!(!first, "the test wants it");
            Ok(Secret::new(self.1.clone()))
        })
    }
}

/// A full disk
struct Full;

impl AuditSink for Full {
    fn write(&self, _: &AuditRecord) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[tokio::test]
async fn a_panic_ends_only_its_own_call_and_frees_the_session_name() {
    let house = House::custom(world(), |token| Box::new(Panicking(Mutex::new(Some(())), token)), None).await;
    let outcome = house.connect(&house.root, None, json!({})).await;
    assert_eq!(code(outcome), ErrorCode::Internal);
    house.connect_root().await;
    house.ok("listRepositories", json!({})).await;
}

#[cfg(target_pointer_width = "64")]
#[tokio::test]
async fn the_state_of_a_call_and_of_a_session_is_small() {
    let house = House::connected().await;
    let call =
        house.dispatcher.execute(invocation(&house.root, "listRepositories", json!({}), None), &Silent);
    // A call is moved before it runs, and had 11 KiB with the state of a Connect in it.
    let (call, session) = (size_of_val(&call), size_of::<Session<Connection>>());
    assert!(call <= 6 << 10 && session <= 1 << 10, "a call has {call} bytes, a session {session}");
}

#[tokio::test]
async fn a_panic_outside_the_action_ends_the_call_too() {
    let house = House::connected().await;
    let call = invocation(&house.root, "listRepositories", json!({}), None);
    let outcome = house.dispatcher.execute_until(call, &Silent, async { panic!("the test wants it") }).await;
    assert_eq!(code(outcome), ErrorCode::Internal);
}

/// Returns a fixture with this audit sink
async fn audited(sink: impl AuditSink + 'static) -> House {
    House::custom(world(), |token| Box::new(Panicking(Mutex::new(None), token)), Some(Box::new(sink))).await
}

#[tokio::test]
async fn an_action_without_an_audit_record_fails_and_no_further_action_starts() {
    let house = audited(Full).await;
    let connected =
        house.connect(&house.root, None, json!({})).await.expect_err("it cannot be recorded").error;
    assert_eq!(
        connected.to_string(),
        "audit.failed: connect succeeded, but its audit record was not written: the audit trail cannot be written (no storage space)"
    );
    assert_eq!(connected.context_value("outcome"), Some("ok"));

    house.simulator.clear_journal();
    let refused = house.error("createRepository", json!({ "name": "x" })).await;
    assert_eq!(refused.code(), ErrorCode::AuditFailed);
    assert_eq!(refused.context_value("outcome"), Some("not_begun"));
    assert!(house.journal().is_empty(), "nothing was sent");
}

/// Refuses records while it is full, and keeps the names of the recorded actions
#[derive(Clone, Default)]
struct Disk(Arc<(AtomicBool, Mutex<Vec<String>>)>);

impl Disk {
    fn is_full(&self, full: bool) {
        self.0.0.store(full, Ordering::SeqCst);
    }

    fn kept(&self) -> Vec<String> {
        self.0.1.lock().expect("it is not held in a panic").clone()
    }
}

impl AuditSink for Disk {
    fn write(&self, record: &AuditRecord) -> io::Result<()> {
        if self.0.0.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let outcome = match record.phase {
            AuditPhase::Started => "started",
            AuditPhase::Finished => record.error.map_or("ok", ErrorCode::as_str),
        };
        self.0.1.lock().expect("it is not held in a panic").push(format!("{} {outcome}", record.action));
        Ok(())
    }
}

#[tokio::test]
async fn errors_without_an_audit_record_report_that_and_are_recorded_later() {
    let disk = Disk::default();
    let house = audited(disk.clone()).await;
    house.connect_root().await;
    disk.is_full(true);
    let refused = house.error("getRepository", json!({ "repository": "nowhere" })).await;
    assert_eq!(refused.code(), ErrorCode::AuditFailed);
    assert_eq!(refused.context_value("outcome"), Some("resource.not_found"));
    assert!(refused.message().contains("failed, and its audit record was not written"), "{refused}");
    assert!(refused.message().contains("resource.not_found: "), "{refused}");

    disk.is_full(false);
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */git/repositories").stall());
    let full = async {
        while house.journal().is_empty() {
            tokio::task::yield_now().await;
        }
        disk.is_full(true);
    };
    let call = invocation(&house.root, "createRepository", json!({ "name": "x" }), None);
    let lost = house.dispatcher.execute_until(call, &Silent, full).await.expect_err("it was cancelled").error;
    assert_eq!(lost.code(), ErrorCode::ServiceOutcomeUnknown, "a flow must not try it again");
    assert!(
        lost.message().contains("it may have been carried out; its audit record was not written: "),
        "{lost}"
    );

    disk.is_full(false);
    house.ok("listRepositories", json!({})).await;
    let kept = [
        "connect ok",
        "getRepository resource.not_found",
        "createRepository started",
        "createRepository service.outcome_unknown",
        "listRepositories ok",
    ];
    assert_eq!(disk.kept(), kept, "each one once, in their order");
}

#[tokio::test]
async fn a_change_whose_start_cannot_be_recorded_is_not_sent() {
    let disk = Disk::default();
    let house = audited(disk.clone()).await;
    house.connect_root().await;
    house.simulator.clear_journal();
    disk.is_full(true);
    let refused = house.error("deleteRepository", json!({ "repository": "site" })).await;
    assert_eq!(refused.code(), ErrorCode::AuditFailed);
    assert_eq!(refused.context_value("outcome"), Some("not_begun"));
    let words = "deleteRepository changed nothing, as its audit record could not be written: ";
    assert!(refused.message().starts_with(words), "{refused}");
    assert!(house.journal().iter().all(|request| request.method == "GET"), "{:?}", house.requests());

    disk.is_full(false);
    house.ok("deleteRepository", json!({ "repository": "site" })).await;
    let kept = [
        "connect ok",
        "deleteRepository started",
        "deleteRepository audit.failed",
        "deleteRepository started",
        "deleteRepository ok",
    ];
    assert_eq!(disk.kept(), kept, "the first call has its end too");
}

#[tokio::test]
async fn a_change_that_is_not_begun_has_one_record() {
    let disk = Disk::default();
    let house = audited(disk.clone()).await;
    house.connect_root().await;
    house.error("deleteRepository", json!({ "repository": "nowhere" })).await;
    assert_eq!(disk.kept(), ["connect ok", "deleteRepository resource.not_found"]);
}

/// Accepts a record only when the test allows it, and reports which
struct Stuck(Mutex<mpsc::Receiver<()>>, mpsc::Sender<String>);

impl AuditSink for Stuck {
    fn write(&self, record: &AuditRecord) -> io::Result<()> {
        let freed = self.0.lock().expect("it is not held in a panic").recv();
        freed.map_err(io::Error::other)?;
        self.1.send(record.action.to_owned()).map_err(io::Error::other)
    }
}

#[tokio::test]
async fn an_outcome_waits_five_seconds_for_its_record_and_no_action_starts_until_the_sink_recovers() {
    let ((free, freed), (recorded, records)) = (mpsc::channel(), mpsc::channel());
    let house = audited(Stuck(Mutex::new(freed), recorded)).await;
    let let_in = |number: usize| (0..number).for_each(|_| free.send(()).expect("the sink is there"));
    let_in(1);
    house.connect_root().await;
    records.recv().expect("connect is recorded");

    // Only the clock advances; the sink does not.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let late = house.error("disconnect", json!({})).await;
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!(late.code(), ErrorCode::AuditFailed);
    assert_eq!(late.context_value("outcome"), Some("ok"));
    assert!(
        late.message().starts_with("disconnect succeeded, but its audit record was not written: "),
        "{late}"
    );

    let begun = tokio::time::Instant::now();
    let refused = house.error("checkSession", json!({})).await;
    assert_eq!(refused.context_value("outcome"), Some("not_begun"));
    assert_eq!(begun.elapsed().as_secs(), 0, "it does not wait for the sink again");
    tokio::time::resume();

    let_in(1);
    assert_eq!(records.recv().expect("it is recorded late"), "disconnect");
    let_in(1);
    // The thread may not have returned yet.
    while house.connect(&house.root, None, json!({})).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(records.recv().expect("it is recorded"), "connect");
}

#[tokio::test]
async fn at_the_end_of_the_process_an_outcome_waits_only_briefly() {
    let (_free, freed) = mpsc::channel();
    let house = audited(Stuck(Mutex::new(freed), mpsc::channel().0)).await;
    house.dispatcher.end_soon();
    let late = house.connect(&house.root, None, json!({})).await.expect_err("it is not recorded").error;
    assert!(
        late.message().starts_with("connect succeeded, but its audit record was not written: "),
        "{late}"
    );
    assert_eq!(late.context_value("outcome"), Some("ok"));
}
