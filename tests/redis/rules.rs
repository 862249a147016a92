//! The rules that hold for every store.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;

use crate::server::RECENT;
use crate::server::Server;
use crate::sessions::machine::Limits;
use crate::sessions::machine::Machine;
use crate::sessions::machines;
use crate::sessions::model::random_operations;
use crate::sessions::support::global;
use crate::sessions::support::run;

#[test]
fn machines_behave_like_the_reference_model() {
    let server = Server::start();
    random_operations(24, 200, Limits::WIDE, async || Vec::from(server.machines()));
}

#[test]
fn machines_that_ask_each_time_behave_like_the_reference_model() {
    let server = Server::start();
    let machine = || Machine::sharing(server.store(), std::time::Duration::ZERO);
    random_operations(8, 200, Limits::WIDE, async || vec![machine(), machine(), machine()]);
}

#[tokio::test]
async fn sessions_are_found_in_their_tree_only() {
    let server = Server::start();
    machines::sessions_are_found_in_their_tree_only(&server.machines()).await;
}

#[tokio::test]
async fn one_of_fifty_gets_the_name() {
    let server = Server::start();
    let machines: Vec<_> = (0..5).map(|_| Machine::sharing(server.store(), RECENT)).collect();
    machines::one_of_fifty_gets_the_name(&machines).await;
}

#[tokio::test]
async fn disconnect_is_seen_on_every_machine() {
    let server = Server::start();
    machines::disconnect_is_seen_on_every_machine(&server.machines()).await;
}

#[tokio::test]
async fn the_root_owns_the_tree() {
    let server = Server::start();
    machines::the_root_owns_the_tree(&server.machines()).await;
}

#[tokio::test]
async fn a_token_without_a_reference_stays_in_its_process() {
    let server = Server::start();
    machines::a_token_without_a_reference_stays_in_its_process(&server.machines()).await;
}

#[tokio::test]
async fn reuse_waits_for_the_connect_of_another_machine() {
    let server = Server::start();
    machines::reuse_waits_for_the_connect_of_another_machine(&server.machines()).await;
}

#[tokio::test]
async fn the_documented_access_list_is_enough() {
    let server = Server::start();
    let page = include_str!("../../docs/hosts/redis.md");
    let line = page.lines().find(|line| line.contains("ACL SETUSER bots")).expect("the page has it");
    let () = server.command(&line.replace(">PASSWORD", ">secret").split_whitespace().collect::<Vec<_>>());
    let () = server.command(&["ACL", "SETUSER", "default", "off"]);
    let machine = || {
        let url = format!("{}?user=bots&pass=secret", server.url());
        Machine::sharing(server.store_with(|options| options.url = Secret::new(url)), RECENT)
    };
    machines::disconnect_is_seen_on_every_machine(&[machine(), machine()]).await;
    machines::reuse_waits_for_the_connect_of_another_machine(&[machine(), machine()]).await;
    machines::the_root_owns_the_tree(&[machine(), machine()]).await;
}

#[tokio::test]
async fn the_server_is_reached_over_tls_with_the_operators_authorities_only() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        path.display().to_string()
    };
    let certificate = file("certificate.pem", made.cert.pem());
    let key = file("key.pem", made.signing_key.serialize_pem());
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port on loopback is free");
    let port = free.local_addr().expect("it is bound").port().to_string();
    drop(free);
    let tls = ["--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key];
    let settings = [&tls[..], &["--tls-ca-cert-file", &certificate, "--tls-auth-clients", "no"]].concat();
    let server = Server::with(&settings);
    let machine = |authorities: Vec<u8>| {
        let store = server.store_with(|options| {
            options.url = Secret::new(format!("rediss://localhost:{port}"));
            options.certificate_authorities = authorities;
        });
        Machine::sharing(store, RECENT)
    };
    let trusted = || machine(made.cert.pem().into_bytes());
    machines::disconnect_is_seen_on_every_machine(&[trusted(), trusted()]).await;
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let distrusting = machine(other.cert.pem().into_bytes());
    distrusting.room.start(&run("root"), None).expect("it was never started");
    let error =
        machines::connect(&distrusting, "root", &global("Default"), 1).await.expect_err("it is not trusted");
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
}
