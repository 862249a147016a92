//! What dispatch promises whatever an action does: a panic ends one call, and nothing goes unrecorded.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Mutex;

use azdo_bot::contract::AuditRecord;
use azdo_bot::contract::AuditSink;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TokenSource;
use azdo_simulator::Fault;
use serde_json::json;

use crate::support::House;
use crate::support::code;
use crate::support::invocation;
use crate::support::world;

/// Panics at the first question and hands its token out afterwards
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

/// A disk that is full
struct Full;

impl AuditSink for Full {
    fn write(&self, _: &AuditRecord<'_>) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[tokio::test]
async fn a_panic_ends_the_call_it_happens_in_and_gives_its_name_back() {
    let house = House::custom(world(), |token| Box::new(Panicking(Mutex::new(Some(())), token)), None).await;
    let outcome = house.connect(&house.root, None, json!({})).await;
    assert_eq!(code(outcome), ErrorCode::Internal);
    house.connect_root().await;
    house.ok("listRepositories", json!({})).await;
}

#[tokio::test]
async fn a_panic_beside_the_action_ends_the_call_too() {
    let house = House::connected().await;
    let call = invocation(&house.root, "listRepositories", json!({}), None);
    let outcome = house.dispatcher.execute_until(call, &Silent, async { panic!("the test wants it") }).await;
    assert_eq!(code(outcome), ErrorCode::Internal);
}

#[tokio::test]
async fn what_cannot_be_written_down_fails_and_says_what_became_of_it() {
    let house =
        House::custom(world(), |token| Box::new(Panicking(Mutex::new(None), token)), Some(Box::new(Full)))
            .await;
    let connected = house.connect(&house.root, None, json!({})).await.expect_err("nobody could record it");
    assert_eq!(connected.error.code(), ErrorCode::Internal);
    assert_eq!(connected.error.message(), "connect was done and could not be written into the audit file");

    let refused = house.error("getRepository", json!({ "repository": "nowhere" })).await;
    assert_eq!(refused.message(), "getRepository failed and could not be written into the audit file");

    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */git/repositories").stall());
    let asked = async {
        while house.journal().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let call = invocation(&house.root, "createRepository", json!({ "name": "x" }), None);
    let lost = house.dispatcher.execute_until(call, &Silent, asked).await.expect_err("it was cut off").error;
    assert_eq!(
        lost.message(),
        "createRepository may have been done and could not be written into the audit file"
    );
    assert_eq!(lost.code(), ErrorCode::ServiceOutcomeUnknown, "a flow must not try it again");
}
