//! Downloads: a token that is rejected there is renewed as for any request.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Scope;
use azdo_bot::devops::Request;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::connected;
use crate::fixture::envelope;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::server::Script;
use crate::server::Server;
use crate::server::reply;

const EXPIRED: &str = "Access Denied: The Personal Access Token used has expired.";

const POLICY: &str = "VS403463: The conditional access policy has failed.";

const LINK: &str = "/fabrikam/_apis/resources/Containers/7";

/// Every form in which the service rejects a token
const SIGNS: [fn() -> Script; 3] = [
    unauthorized,
    || reply("203 Non-Authoritative Information", "content-type: text/html\r\n", "<html>Sign In</html>"),
    || reply("302 Found", "location: https://x.vssps.visualstudio.com/_signin\r\n", ""),
];

/// Downloads a file from a server that responds to the download in this way
async fn refused(answer: fn() -> Script) -> Error {
    let server = crate::fixture::server(move |_| answer()).await;
    let connection = connected(&server, short()).await;
    let request = Request::get(&["x"]).named("download the artifact \"drop\"").scope(Scope::BuildRead);
    let outcome = connection.client(&call(), &Tokens::one()).download(&request, LINK).await;
    checked(outcome.map(drop).expect_err("it is refused"))
}

/// What answers, the code that is expected, and a part of the message
type Refusal = (fn() -> Script, ErrorCode, &'static str);

#[tokio::test]
async fn a_refused_download_is_read_and_classified_like_any_other_refusal() {
    // The sign-in still accepts the token, so each refusal is one of this request.
    let rows: [Refusal; 8] = [
        (|| envelope("403 Forbidden", "AccessCheckException", EXPIRED), ErrorCode::PermissionDenied, EXPIRED),
        (
            || envelope("401 Unauthorized", "AccessCheckException", EXPIRED),
            ErrorCode::PermissionDenied,
            EXPIRED,
        ),
        (
            || envelope("401 Unauthorized", "VssServiceException", POLICY),
            ErrorCode::PermissionDenied,
            "VS403463",
        ),
        (
            || envelope("403 Forbidden", "VssServiceException", POLICY),
            ErrorCode::PermissionDenied,
            "VS403463",
        ),
        (
            || envelope("403 Forbidden", "VssServiceException", "Downloads are disabled."),
            ErrorCode::PermissionDenied,
            "Azure DevOps refused to download the artifact \"drop\": \"Downloads are disabled.\"",
        ),
        (
            || envelope("404 Not Found", "ProjectDoesNotExistException", "VS800075: The project"),
            ErrorCode::ProjectNotFound,
            "the project does not exist",
        ),
        (
            || {
                reply(
                    "403 Forbidden",
                    "content-type: text/html\r\n",
                    "<html><title>Blocked by Example</title>",
                )
            },
            ErrorCode::ServiceBadResponse,
            "Blocked by Example",
        ),
        (
            || reply("403 Forbidden", "", "<html><title>Blocked by Example</title>"),
            ErrorCode::ServiceBadResponse,
            "Blocked by Example",
        ),
    ];
    for (answer, code, words) in rows {
        let error = refused(answer).await;
        assert_eq!(error.code(), code, "{error:?}");
        assert!(error.message().contains(words), "{error}");
    }
}

/// Downloads a file from a server that rejects the first token after Connect
async fn fetched(refused: fn() -> Script, scoped: bool) -> (String, usize) {
    let (old, new) = (format!("{}-old", token()), format!("{}-new", token()));
    let over = AtomicBool::new(false);
    let accepted = new.clone();
    let server = Server::start(move |seen| {
        let is_new =
            seen.header("authorization").is_some_and(|header| header == crate::tokens::header(&accepted));
        match well(seen) {
            Some(_) if over.load(Ordering::SeqCst) && !is_new => unauthorized(),
            Some(script) => script,
            None => {
                over.store(true, Ordering::SeqCst);
                if is_new && !scoped { reply("200 OK", "", "whole") } else { refused() }
            }
        }
    })
    .await;
    let tokens = Tokens::new(&[&old, &new]);
    let network = azdo_bot::devops::Network::new(options(short()));
    let connection = connect_to(&network, &server.url(), &tokens, &call()).await.expect("it connects");
    let request = Request::get(&["x"]).named("download it").scope(Scope::BuildRead);
    let outcome = match connection.client(&call(), &tokens).download(&request, LINK).await {
        Ok(mut file) => {
            let piece = file.next().await.expect("it arrives").expect("it has a piece");
            String::from_utf8_lossy(piece.as_ref()).into_owned()
        }
        Err(error) => checked(error).code().to_string(),
    };
    (outcome, server.lines().iter().filter(|line| line.ends_with(LINK)).count())
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_for_every_form_of_rejection() {
    for refused in SIGNS {
        assert_eq!(fetched(refused, false).await, ("whole".to_owned(), 2));
    }
    let expired = || envelope("403 Forbidden", "AccessCheckException", EXPIRED);
    assert_eq!(fetched(expired, false).await, ("whole".to_owned(), 2));
}

#[tokio::test]
async fn a_renewed_token_that_is_rejected_too_lacks_the_scope() {
    for refused in SIGNS {
        assert_eq!(fetched(refused, true).await, ("auth.scope_missing".to_owned(), 2));
    }
}
