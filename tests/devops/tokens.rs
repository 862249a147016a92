//! A token that is rejected in an open session: it is checked once, and the credential is resolved again once.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Scope;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TokenSource;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use crate::fixture::Tokens;
use crate::fixture::anonymous;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::credential;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

/// The tokens that a server accepts, changed during a test
type Good = Arc<Mutex<Vec<String>>>;

pub(crate) fn header(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!(":{token}")))
}

/// A server that accepts these tokens, but none of them below `scoped`
async fn guarded(good: &Good, refused: fn() -> Script) -> Server {
    let good = good.clone();
    Server::start(move |seen: &Seen| {
        let good = good.lock().expect("no test panics here");
        let known = good.iter().any(|token| seen.header("authorization") == Some(&header(token)));
        match well(seen) {
            _ if !known => refused(),
            Some(script) => script,
            None if seen.path().contains("/scoped") => unauthorized(),
            None => json("200 OK", "[]"),
        }
    })
    .await
}

async fn open(server: &Server, tokens: &Tokens) -> Connection {
    let network = Network::new(options(NetworkLimits { attempts: 1, ..short() }));
    connect_to(&network, &server.url(), tokens, &call()).await.expect("the first token is valid")
}

/// The error code of an action
async fn act(connection: &Connection, tokens: &Tokens, path: &str) -> &'static str {
    let request = Request::get(&[path]).named("read it").scope(Scope::CodeRead);
    match connection.client(&call(), tokens).send::<IgnoredAny>(request).await {
        Ok(_) => "done",
        Err(error) => checked(error).code().as_str(),
    }
}

fn connection_requests(server: &Server) -> usize {
    server.lines().iter().filter(|line| line.ends_with("/connectionData")).count()
}

#[tokio::test]
async fn a_valid_token_that_is_rejected_lacks_the_scope() {
    let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
    let server = guarded(&good, unauthorized).await;
    let tokens = Tokens::one();
    let connection = open(&server, &tokens).await;
    let request = Request::get(&["scoped"]).named("list the repositories").scope(Scope::CodeRead);
    let error = connection
        .client(&call(), &tokens)
        .send::<IgnoredAny>(request)
        .await
        .map(drop)
        .expect_err("no scope");
    assert_eq!(
        checked(error).to_string(),
        "auth.scope_missing: The token is valid but lacks the scope \"Code (read)\", which is required to list the repositories"
    );
    assert_eq!((connection_requests(&server), tokens.resolutions(), connection.is_stale()), (2, 1, false));
    assert_eq!(act(&connection, &tokens, "other").await, "done");
}

#[tokio::test]
async fn requests_that_are_rejected_together_share_one_check() {
    let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
    let everybody = Arc::new(tokio::sync::Barrier::new(50));
    let server = Server::start(move |seen: &Seen| match well(seen) {
        Some(script) => script,
        None => {
            let mut script = vec![Step::Meet(everybody.clone())];
            script.extend(unauthorized());
            script
        }
    })
    .await;
    drop(good);
    let tokens = Tokens::one();
    let connection = open(&server, &tokens).await;
    let codes = futures_util::future::join_all((0..50).map(|_| act(&connection, &tokens, "scoped"))).await;
    assert!(codes.iter().all(|code| *code == "auth.scope_missing"), "{codes:?}");
    assert_eq!(connection_requests(&server), 2, "one at Connect, one for all fifty");
}

#[tokio::test]
async fn a_token_is_renewed_once_for_all_and_each_call_is_sent_again_once() {
    let (old, new) = (format!("{}-old", token()), format!("{}-new", token()));
    let good: Good = Arc::new(Mutex::new(vec![old.clone()]));
    let server = guarded(&good, unauthorized).await;
    let tokens = Tokens::new(&[&old, &new]);
    let connection = open(&server, &tokens).await;
    *good.lock().expect("no test panics here") = vec![new.clone()];

    let codes = futures_util::future::join_all((0..50).map(|_| act(&connection, &tokens, "x"))).await;
    assert!(codes.iter().all(|code| *code == "done"), "{codes:?}");
    assert_eq!(tokens.resolutions(), 2, "resolved once at Connect and once for all fifty");
    assert_eq!(connection_requests(&server), 3, "the old token once more, the new one once");
    let answered =
        server.seen().iter().filter(|seen| seen.header("authorization") == Some(&header(&new))).count();
    assert_eq!(answered, 51, "fifty calls and one check");
    assert!(!connection.is_stale());
}

#[tokio::test]
async fn a_rejected_change_is_sent_again_with_the_renewed_token() {
    let (old, new) = (format!("{}-old", token()), format!("{}-new", token()));
    let good: Good = Arc::new(Mutex::new(vec![old.clone()]));
    let server = guarded(&good, unauthorized).await;
    let tokens = Tokens::new(&[&old, &new]);
    let connection = open(&server, &tokens).await;
    *good.lock().expect("no test panics here") = vec![new.clone()];
    let call = call();
    connection
        .client(&call, &tokens)
        .send::<IgnoredAny>(Request::post(&["x"]))
        .await
        .expect("the new token works");
    let posts = server.seen().iter().filter(|seen| seen.method == "POST").count();
    assert_eq!((posts, call.unknown_change()), (2, None), "refused once, done once");
}

#[tokio::test]
async fn an_expired_token_ends_the_session_and_no_more_requests_are_sent() {
    let signs: [fn() -> Script; 4] = [
        unauthorized,
        anonymous,
        || reply("203 Non-Authoritative Information", "content-type: text/html\r\n", "<html>Sign In</html>"),
        || reply("302 Found", "location: https://x.vssps.visualstudio.com/_signin\r\n", ""),
    ];
    for refused in signs {
        let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
        let server = {
            let good = good.clone();
            Server::start(move |seen: &Seen| match well(seen) {
                Some(script) if !good.lock().expect("no test panics here").is_empty() => script,
                Some(_) => refused(),
                None => unauthorized(),
            })
            .await
        };
        let tokens = Tokens::one();
        let connection = open(&server, &tokens).await;
        good.lock().expect("no test panics here").clear();
        assert_eq!(act(&connection, &tokens, "x").await, "auth.failed");
        assert_eq!((server.seen().len(), tokens.resolutions(), connection.is_stale()), (4, 2, true));
        assert_eq!(act(&connection, &tokens, "x").await, "auth.failed");
        let error = connection.client(&call(), &tokens).check().await.expect_err("it is stale");
        assert_eq!(error.code().as_str(), "auth.failed");
        assert_eq!((server.seen().len(), tokens.resolutions()), (4, 2), "no more requests are sent");
    }
}

#[tokio::test]
async fn another_rejected_token_and_a_failing_store_end_the_session_too() {
    let (old, new) = (format!("{}-old", token()), format!("{}-new", token()));
    for (tokens, sent) in [(Tokens::new(&[&old, &new]), 5), (Tokens::new(&[&old]), 4)] {
        let good: Good = Arc::new(Mutex::new(vec![old.clone()]));
        let server = guarded(&good, unauthorized).await;
        let connection = open(&server, &tokens).await;
        good.lock().expect("no test panics here").clear();
        assert_eq!(act(&connection, &tokens, "x").await, "auth.failed");
        assert_eq!((server.seen().len(), connection.is_stale()), (sent, true));
    }
    let good: Good = Arc::new(Mutex::new(vec![old.clone()]));
    let server = guarded(&good, unauthorized).await;
    let connection = open(&server, &Tokens::new(&[&old])).await;
    good.lock().expect("no test panics here").clear();
    assert_eq!(act(&connection, &Tokens::new(&[]), "x").await, "auth.failed");
    assert!(connection.is_stale());
}

#[tokio::test]
async fn a_check_without_a_response_does_not_end_the_session() {
    let down = Arc::new(Mutex::new(false));
    let state = down.clone();
    let server = Server::start(move |seen: &Seen| match well(seen) {
        Some(_) if *state.lock().expect("no test panics here") => reply("503 Service Unavailable", "", ""),
        Some(script) => script,
        None => unauthorized(),
    })
    .await;
    let tokens = Tokens::one();
    let connection = open(&server, &tokens).await;
    *down.lock().expect("no test panics here") = true;
    assert_eq!(act(&connection, &tokens, "x").await, "service.unavailable");
    assert!(!connection.is_stale());
    *down.lock().expect("no test panics here") = false;
    assert_eq!(act(&connection, &tokens, "x").await, "auth.scope_missing");
}

#[tokio::test]
async fn check_sends_one_request_and_returns_the_user() {
    let (old, new) = (format!("{}-old", token()), format!("{}-new", token()));
    let good: Good = Arc::new(Mutex::new(vec![old.clone()]));
    let server = guarded(&good, unauthorized).await;
    let tokens = Tokens::new(&[&old, &new]);
    let connection = open(&server, &tokens).await;
    let identity = connection.client(&call(), &tokens).check().await.expect("the token is valid");
    assert_eq!((identity.name.as_str(), server.seen().len()), ("Mona Lisa", 3));
    *good.lock().expect("no test panics here") = vec![new.clone()];
    connection.client(&call(), &tokens).check().await.expect("a renewed token is accepted");
    assert_eq!(act(&connection, &tokens, "x").await, "done");
}

#[tokio::test]
async fn an_unreachable_store_does_not_end_the_session() {
    struct Unreached(ErrorCode);
    impl TokenSource for Unreached {
        fn token<'a>(
            &'a self,
            _: &'a Credential,
            _: ConnectTarget<'a>,
        ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
            Box::pin(std::future::ready(Err(Error::new(self.0, "the store is not reached"))))
        }
    }
    for code in [ErrorCode::NetworkFailed, ErrorCode::NetworkTls, ErrorCode::CredentialTimeout] {
        let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
        let server = guarded(&good, unauthorized).await;
        let connection = open(&server, &Tokens::one()).await;
        good.lock().expect("no test panics here").clear();
        let result =
            connection.client(&call(), &Unreached(code)).send::<IgnoredAny>(Request::get(&["x"])).await;
        assert_eq!(result.map(drop).expect_err("no token").code(), code);
        assert!(!connection.is_stale(), "{code}");
    }
}

#[tokio::test]
async fn a_store_that_hangs_while_a_token_expires_blocks_one_call_and_no_other() {
    /// Returns a token that is about to expire, and then never returns again
    struct Hanging(AtomicBool);
    impl TokenSource for Hanging {
        fn token<'a>(
            &'a self,
            _: &'a Credential,
            _: ConnectTarget<'a>,
        ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
            match self.0.swap(true, Ordering::SeqCst) {
                false => Box::pin(async { Ok(Secret::new(token().to_owned()).due_at(Instant::now())) }),
                true => Box::pin(std::future::pending()),
            }
        }
    }
    let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
    let server = guarded(&good, unauthorized).await;
    let (tokens, call) = (Hanging(AtomicBool::new(false)), call());
    let (organization, project) = (organization(&server.url()), project("Fabrikam"));
    let request = ConnectRequest {
        organization: &organization,
        project: &project,
        credential: credential(),
        scheme: Scheme::Basic,
    };
    let network = Network::new(options(short()));
    let connection = network.connect(request, &tokens, &call).await.expect("its token is valid");
    let send = || connection.client(&call, &tokens).send::<IgnoredAny>(Request::get(&["x"]));
    tokio::select! {
        biased;
        first = send() => panic!("it waits for the store: {:?}", first.map(drop)),
        second = send() => second.map(drop).expect("the old token is still valid"),
    }
}

#[tokio::test]
async fn a_slow_store_does_not_end_the_session() {
    struct Slow;
    impl TokenSource for Slow {
        fn token<'a>(
            &'a self,
            _: &'a Credential,
            _: ConnectTarget<'a>,
        ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
            Box::pin(std::future::pending())
        }
    }
    let good: Good = Arc::new(Mutex::new(vec![token().to_owned()]));
    let server = guarded(&good, unauthorized).await;
    let connection = open(&server, &Tokens::one()).await;
    good.lock().expect("no test panics here").clear();
    let soon = Call::until(Instant::now() + Duration::from_millis(500));
    let result = connection.client(&soon, &Slow).send::<IgnoredAny>(Request::get(&["x"])).await;
    assert_eq!(result.map(drop).expect_err("no time").code().as_str(), "deadline.exceeded");
    assert!(!connection.is_stale());
}
