//! The named pipe of a broker on Windows: what another user's process can do with it, whose name everybody sees.

use std::io::ErrorKind;
use std::sync::Arc;

use azdo_bot::contract::ErrorCode;
use azdo_bot::sessions::Broker;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::windows::named_pipe::ClientOptions;
use tokio::net::windows::named_pipe::ServerOptions;

use crate::sessions::broker::RECENT;
use crate::sessions::broker::Running;
use crate::sessions::broker::store_in;
use crate::sessions::broker_channel::FakeBroker;
use crate::sessions::broker_channel::new_folder;
use crate::sessions::broker_channel::open;
use crate::sessions::broker_channel::written;
use crate::sessions::machine::Machine;
use crate::sessions::machines::connect;
use crate::sessions::support::global;
use crate::sessions::support::run;

#[tokio::test]
async fn the_name_of_a_pipe_is_taken_as_long_as_its_broker_runs() {
    let broker = Running::start();
    let [name, ..] = written(broker.folder());
    let refused = ServerOptions::new().first_pipe_instance(true).create(&name).expect_err("it is taken");
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    let other = Running::start();
    assert_ne!(written(other.folder()), written(broker.folder()), "all of it is random");
}

#[tokio::test]
async fn a_process_that_does_not_know_the_number_is_told_nothing() {
    let broker = Running::start();
    let [name, _, of_broker] = written(broker.folder());
    for shown in [
        of_broker.as_str(),
        &"0".repeat(32),
        "{\"id\":1,\"call\":\"flush\"}\n{\"id\":1,\"call\":\"flush\"}\n",
    ] {
        let mut pipe = open(&name).await;
        pipe.write_all(shown.as_bytes()).await.expect("the broker reads");
        let mut read = Vec::new();
        let _ = pipe.read_to_end(&mut read).await;
        assert!(read.is_empty(), "{}", String::from_utf8_lossy(&read));
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_can_only_read_is_told_nothing() {
    let broker = Running::start();
    let [name, ..] = written(broker.folder());
    let mut pipe = ClientOptions::new().write(false).open(&name).expect("the system allows it");
    let mut read = Vec::new();
    let _ = pipe.read_to_end(&mut read).await;
    assert!(read.is_empty(), "{}", String::from_utf8_lossy(&read));
}

#[tokio::test]
async fn a_pipe_with_the_name_of_a_broker_that_has_ended_is_not_used() {
    let folder = new_folder();
    let mut other = FakeBroker::showing(folder.path(), [b'c'; 32]);
    tokio::spawn(async move {
        loop {
            let greeting = b"{\"hello\":{\"protocol\":3,\"version\":\"\",\"store\":\"broker\"}}\n";
            let _ = other.accept().await.write_all(greeting).await;
        }
    });
    let machine = Machine::sharing(store_in(folder.path()), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("it is of another user");
    let expected = "The session store is a broker that is not running: start `azdo-bot broker`";
    assert_eq!((error.code(), error.message()), (ErrorCode::StoreUnavailable, expected));

    // A broker takes another name.
    let place = folder.path().to_owned();
    let start: azdo_bot::sessions::StartBroker = Arc::new(move || {
        let place = place.clone();
        Box::pin(async move { Ok(drop(tokio::spawn(Broker::bind(&place)?.serve(None)))) })
    });
    let options = BrokerOptions { start: Some(start), ..BrokerOptions::new(folder.path().to_owned()) };
    let machine = Machine::sharing(BrokerStore::new(options), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    connect(&machine, "root", &global("Default"), 1).await.expect("a broker is started");
}
