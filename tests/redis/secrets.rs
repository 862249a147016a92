//! What the operator of the server can see: nothing of a session, and no way into a run tree.

use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;

use azdo_bot::contract::SessionTarget;

use crate::server::Server;
use crate::sessions::machines::connect;
use crate::sessions::machines::family;
use crate::sessions::machines::look;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::run;

#[tokio::test]
async fn the_server_sees_neither_records_nor_handles_nor_the_id_of_a_tree() {
    let server = Server::start();
    let machines = server.machines();
    let mut monitor = UnixStream::connect(server.socket()).expect("the server is running");
    monitor.write_all(b"MONITOR\r\n").expect("it reads");
    let tree = family(&machines).await;
    let [root, member] = &machines;
    // The number stands for the organization of a connection.
    let named = connect(root, "root", &global("Default"), 987_654_321).await.expect("the name is free");
    let held =
        connect(member, "child 1", &SessionTarget::Variable, 987_654_321).await.expect("it has no name");
    assert_eq!(look(member, "child 1", &by_handle(named.handle())).await, Ok(987_654_321));
    assert_eq!(look(root, "root", &by_handle(held.handle())).await, Ok(987_654_321));

    let mut seen = Vec::new();
    for key in server.command::<Vec<String>>(&["KEYS", "*"]) {
        seen.extend(key.as_bytes());
        for part in server.command::<Vec<Vec<u8>>>(&["HGETALL", &key]) {
            seen.extend(part);
        }
    }
    root.room.close(&run("root"), &by_name("Default")).await.expect("it is open");
    root.room.end(&run("root")).expect("it was started");
    root.settle().await;
    let slow: redis::Value = server.command(&["SLOWLOG", "GET", "100"]);
    seen.extend(format!("{slow:?}").into_bytes());
    // The last command is seen last.
    let () = server.command(&["ECHO", "the last command"]);
    let mut buffer = [0; 4096];
    while !seen.windows(16).any(|part| part == b"the last command") {
        let read = monitor.read(&mut buffer).expect("the server is running");
        assert!(read > 0);
        seen.extend(&buffer[..read]);
    }
    let text = String::from_utf8_lossy(&seen);
    assert!(
        text.contains("azdo-bot:{") && text.contains("Default"),
        "the tree and the name are seen: {text}"
    );
    let handle =
        |handle: azdo_bot::contract::SessionHandle| handle.to_string()["azdo-session:".len()..].to_owned();
    let hidden = [
        "987654321".to_owned(),
        "env:TOKEN".to_owned(),
        tree.expose(),
        handle(named.handle()),
        handle(held.handle()),
        "child 1".to_owned(),
    ];
    for hidden in hidden {
        assert!(!text.contains(&hidden), "{hidden} is seen");
    }
    for bytes in [tree.as_bytes(), named.handle().as_bytes(), held.handle().as_bytes()] {
        assert!(!seen.windows(16).any(|part| part == bytes), "the bytes are seen");
    }
}
