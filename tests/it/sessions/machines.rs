//! What processes on several machines see of one run tree, for every store.

use std::sync::Arc;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::RunTreeId;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::Session;

use crate::sessions::machine::Machine;
use crate::sessions::machine::find;
use crate::sessions::machine::record;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::run;

/// Connects on a machine, with a number as the connection
pub(crate) async fn connect(
    machine: &Machine,
    id: &str,
    target: &SessionTarget,
    number: u32,
) -> Result<Arc<Session<u32>>, Error> {
    match machine.room.reserve(&run(id), target, IfSessionExists::Error).await? {
        Reserved::New(reservation) => reservation.complete(number, Some(record(number))).await,
        other => panic!("ERROR reuses nothing: {other:?}"),
    }
}

/// Returns the connection that a bot run finds, or the code of the error
pub(crate) async fn look(
    machine: &Machine,
    id: &str,
    reference: &SessionReference,
) -> Result<u32, ErrorCode> {
    find(&machine.room, &run(id), reference)
        .await
        .map(|session| *session.connection())
        .map_err(|error| error.code())
}

/// Starts `root` on the first machine and a child on each other one: `child 1`, `child 2` …
pub(crate) async fn family(machines: &[Machine]) -> RunTreeId {
    machines[0].room.start(&run("root"), None).expect("it was never started");
    let tree = machines[0].room.run_tree(&run("root")).expect("it is running").expect("there is a store");
    for (number, machine) in machines.iter().enumerate().skip(1) {
        machine.room.join(&run(&format!("child {number}")), &tree).expect("it was never started");
    }
    for machine in machines {
        machine.settle().await;
    }
    tree
}

async fn settle(machines: &[Machine]) {
    for machine in machines.iter().chain(machines) {
        machine.settle().await;
    }
}

/// A global session and one in a variable work on every machine of the tree, and on no other tree
pub(crate) async fn sessions_are_found_in_their_tree_only(machines: &[Machine]) {
    let _tree = family(machines).await;
    machines[1].room.start(&run("other root"), None).expect("it was never started");
    let named = connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    let held = connect(&machines[1], "child 1", &SessionTarget::Variable, 2).await.expect("it has no name");
    connect(&machines[0], "root", &local("Own"), 3).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    assert_eq!(look(&machines[1], "child 1", &by_handle(named.handle())).await, Ok(1));
    assert_eq!(look(&machines[0], "root", &by_handle(held.handle())).await, Ok(2));
    assert_eq!(look(&machines[1], "child 1", &by_name("Own")).await, Err(ErrorCode::SessionNotFound));
    for reference in [by_name("Default"), by_handle(named.handle()), by_handle(held.handle())] {
        let stolen = look(&machines[1], "other root", &reference).await;
        assert_eq!(stolen, Err(ErrorCode::SessionNotFound), "{reference:?}");
    }
    connect(&machines[1], "other root", &global("Default"), 4).await.expect("another tree has its own names");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
}

/// Of many that want a name at the same time on all machines, one gets it
pub(crate) async fn one_of_fifty_gets_the_name(machines: &[Machine]) {
    let tree = family(machines).await;
    let racers = (0..50).map(|number| {
        let machine = &machines[usize::try_from(number).expect("it is small") % machines.len()];
        let id = format!("racer {number}");
        machine.room.join(&run(&id), &tree).expect("it was never started");
        async move { connect(machine, &id, &global("Default"), number).await }
    });
    let results = futures_util::future::join_all(racers).await;
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 49));
    for error in lost.into_iter().filter_map(Result::err) {
        assert_eq!(error.code(), ErrorCode::SessionNameInUse);
        assert!(error.message().contains("bot run \"racer "), "{}", error.message());
    }
    let number = *won[0].as_ref().expect("it won").connection();
    for (at, id) in [(0, "root"), (1, "child 1")] {
        assert_eq!(look(&machines[at], id, &by_name("Default")).await, Ok(number));
    }
}

/// Disconnect on one machine closes the session on the others, and says by whom
pub(crate) async fn disconnect_is_seen_on_every_machine(machines: &[Machine]) {
    family(machines).await;
    let opened = connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    let adopted = find(&machines[1].room, &run("child 1"), &by_name("Default")).await.expect("it is open");
    assert_eq!(adopted.handle(), opened.handle());
    let closed = machines[1].room.close(&run("child 1"), &by_name("Default")).await.expect("it is open");
    assert_eq!(closed.handle, opened.handle());
    // A call on the other machine is told at once, by a message.
    opened.closed().await;
    assert!(adopted.is_closed());
    let error = find(&machines[0].room, &run("root"), &by_name("Default")).await.expect_err("it is closed");
    assert_eq!(error.code(), ErrorCode::SessionClosed);
    assert!(error.message().contains("by bot run \"child 1\" with Disconnect"), "{}", error.message());
    connect(&machines[0], "root", &global("Default"), 2).await.expect("the name is free again");
    settle(machines).await;
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(2));
    // Without a connection of its own, a machine can close a session too.
    machines[1].room.start(&run("grandchild"), Some(&run("child 1"))).expect("its parent is running");
    connect(&machines[0], "root", &global("Unused"), 3).await.expect("the name is free");
    machines[1].room.close(&run("grandchild"), &by_name("Unused")).await.expect("it is open");
    assert_eq!(look(&machines[0], "root", &by_name("Unused")).await, Err(ErrorCode::SessionClosed));
}

/// The end of a member closes nothing that others use; the end of the root closes everything and ends the members
pub(crate) async fn the_root_owns_the_tree(machines: &[Machine]) {
    family(machines).await;
    let by_member = connect(&machines[1], "child 1", &global("Member"), 1).await.expect("the name is free");
    let own = connect(&machines[1], "child 1", &local("Own"), 2).await.expect("the name is free");
    machines[1].room.start(&run("grandchild"), Some(&run("child 1"))).expect("its parent is running");
    let closed = machines[1].room.end(&run("child 1")).expect("it was started");
    assert_eq!(closed.iter().map(|closed| closed.handle).collect::<Vec<_>>(), [own.handle()]);
    settle(machines).await;
    assert_eq!(look(&machines[1], "grandchild", &by_name("Member")).await, Ok(1), "it outlives its parent");
    assert_eq!(look(&machines[0], "root", &by_handle(by_member.handle())).await, Ok(1));

    let grandchild = machines[1].room.enter(&run("grandchild")).expect("it is running");
    machines[0].room.end(&run("root")).expect("it was started");
    grandchild.ended.cancelled().await;
    settle(machines).await;
    assert_eq!(look(&machines[1], "grandchild", &by_name("Member")).await, Err(ErrorCode::BotRunEnded));
    assert!(by_member.is_closed());
}

/// A session whose token has no reference is told as one of its process
pub(crate) async fn a_token_without_a_reference_stays_in_its_process(machines: &[Machine]) {
    family(machines).await;
    let reserved = machines[0].room.reserve(&run("root"), &global("Typed"), IfSessionExists::Error).await;
    let Ok(Reserved::New(reservation)) = reserved else { panic!("{reserved:?}") };
    reservation.complete(1, None).await.expect("the name is reserved");
    assert_eq!(look(&machines[0], "root", &by_name("Typed")).await, Ok(1));
    let error = find(&machines[1].room, &run("child 1"), &by_name("Typed")).await.expect_err("no token here");
    assert_eq!(error.code(), ErrorCode::CredentialNotFound);
    assert!(error.message().contains("bot run \"root\""), "{}", error.message());
    let taken = connect(&machines[1], "child 1", &global("Typed"), 2).await.expect_err("it is open");
    assert_eq!(taken.code(), ErrorCode::SessionNameInUse, "its name is taken in the whole tree");
    machines[1].room.close(&run("child 1"), &by_name("Typed")).await.expect("any bot run can close it");
    settle(machines).await;
    assert_eq!(look(&machines[0], "root", &by_name("Typed")).await, Err(ErrorCode::SessionClosed));
}

/// REUSE waits for a Connect on another machine and uses its session; a Connect that fails gives the name back
pub(crate) async fn reuse_waits_for_the_connect_of_another_machine(machines: &[Machine]) {
    family(machines).await;
    let (root, child, target) = (run("root"), run("child 1"), global("Default"));
    let first = machines[0].room.reserve(&root, &target, IfSessionExists::Error).await.expect("it is free");
    let Reserved::New(first) = first else { panic!("{first:?}") };
    let refused = connect(&machines[1], "child 1", &target, 9).await.expect_err("it is being connected");
    assert!(refused.message().contains("is being connected by bot run \"root\""), "{}", refused.message());
    let waiting = machines[1].room.reserve(&child, &target, IfSessionExists::Reuse);
    let (opened, reused) = tokio::join!(first.complete(1, Some(record(1))), waiting);
    opened.expect("it has the name");
    match reused.expect("it waited") {
        Reserved::Elsewhere(shared) => assert_eq!(shared.record(), &record(1)),
        other => panic!("{other:?}"),
    }
    machines[0].room.close(&root, &by_name("Default")).await.expect("it is open");
    let second = machines[0].room.reserve(&root, &target, IfSessionExists::Error).await.expect("it is free");
    let waiting = machines[1].room.reserve(&child, &target, IfSessionExists::Reuse);
    let failing = async { drop(second) };
    let (reused, ()) = tokio::join!(waiting, failing);
    assert!(matches!(reused, Ok(Reserved::New(_))), "{reused:?}");
}
