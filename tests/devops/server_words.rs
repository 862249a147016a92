//! Each refusal, at the sign-in and in an open session, speaks of an organization or of a collection. Decision 0155.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use azdo_bot::contract::Error;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Scope;
use azdo_bot::contract::permissions;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::fixture::Tokens;
use crate::fixture::anonymous;
use crate::fixture::call;
use crate::fixture::connect_as;
use crate::fixture::connection_data;
use crate::fixture::envelope;
use crate::fixture::fabrikam;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::server::Script;
use crate::server::Server;
use crate::server::reply;

/// A refusal: its name, and the responses of the server
type Refusal = (&'static str, fn() -> Script);

/// Every way in which the service or something on the way refuses
const REFUSALS: [Refusal; 21] = [
    ("without a reason", unauthorized),
    ("anonymous", anonymous),
    ("unmarked 401", || reply("401 Unauthorized", "", "")),
    ("the web server", || {
        reply("401 Unauthorized", "server: Microsoft-IIS/10.0\r\nwww-authenticate: Negotiate\r\n", "")
    }),
    ("expired", || {
        envelope("401 Unauthorized", "AccessCheckException", "Access Denied: The token used has expired.")
    }),
    ("a policy", || envelope("401 Unauthorized", "VssServiceException", "VS404999: Tokens are disabled.")),
    ("no member", || {
        envelope(
            "401 Unauthorized",
            "UnauthorizedRequestException",
            "TF400813: The user 'mona' is not authorized to access this resource.",
        )
    }),
    ("never signed in", || {
        envelope("401 Unauthorized", "IdentityException", "TF401444: Please sign-in at least once as mona.")
    }),
    ("conditional access", || envelope("403 Forbidden", "VssServiceException", "VS403463: The policy")),
    ("no permission", || {
        envelope("403 Forbidden", "AccessDeniedException", "Access denied. Mona needs Create permissions")
    }),
    ("a reason", || envelope("403 Forbidden", "VssServiceException", "VS403999: This is disabled.")),
    ("403 alone", || reply("403 Forbidden", "", "")),
    ("a branch policy", || envelope("403 Forbidden", "GitException", "TF402455: Pushes are not permitted")),
    ("404", || reply("404 Not Found", "", "")),
    ("no project", || envelope("404 Not Found", "ProjectDoesNotExistException", "TF200016: no such project")),
    ("stopped", || envelope("503 Service Unavailable", "VssServiceException", "TF24668: It is stopped")),
    ("unavailable", || reply("503 Service Unavailable", "", "")),
    ("a page", || reply("200 OK", "content-type: text/html\r\n", "<html><title>Sign in</title></html>")),
    ("no JSON", || reply("200 OK", "content-type: text/plain\r\n", "hello")),
    ("rejected", || envelope("400 Bad Request", "InvalidArgumentValueException", "VS403357: no")),
    ("a conflict", || envelope("409 Conflict", "RenameException", "it exists")),
];

/// Returns the errors of a refusal at the sign-in, and of requests in an open session
async fn refused(url: &str, scheme: Scheme, refusal: fn() -> Script) -> Vec<Error> {
    let is_refusing = Arc::new(AtomicBool::new(true));
    let state = is_refusing.clone();
    let server = Server::start(move |seen| match seen.path().rsplit('/').next() {
        _ if state.load(Ordering::SeqCst) => refusal(),
        Some("connectionData") => connection_data(),
        _ => fabrikam(),
    })
    .await;
    let url = url.replace("PORT", &server.address().port().to_string());
    let host = url.split('/').nth(2).unwrap_or_default().to_owned();
    let limits = NetworkLimits { attempts: 1, ..short() };
    let options = NetworkOptions { plain_http_hosts: vec![host], ..options(limits) };
    let (tokens, call) = (Tokens::one(), call());
    let network = || Network::new(options.clone());
    let connected = connect_as(scheme, &network(), &url, &tokens, &call).await;
    let mut errors: Vec<Error> = connected.err().into_iter().collect();
    is_refusing.store(false, Ordering::SeqCst);
    let connection = connect_as(scheme, &network(), &url, &tokens, &call).await.expect("nothing is refused");
    is_refusing.store(true, Ordering::SeqCst);
    for permission in [Some(permissions::CREATE_PROJECTS), Some(permissions::READ_REPOSITORY), None] {
        let request = Request::get(&["x"]).named("read it").scope(Scope::CodeRead);
        let request = match permission {
            Some(permission) => request.permission(permission),
            None => request,
        };
        let sent = connection.client(&call, &tokens).send::<IgnoredAny>(request).await;
        errors.extend(sent.map(drop).err());
    }
    errors
}

/// Returns a text with `PORT` in place of each port
fn without_port(text: &str) -> String {
    let mut parts = text.split("localhost:");
    let first = parts.next().unwrap_or_default().to_owned();
    let digit = |c: char| c.is_ascii_digit();
    parts.fold(first, |text, part| format!("{text}localhost:PORT{}", part.trim_start_matches(digit)))
}

#[tokio::test]
async fn every_refusal_of_a_server_speaks_of_the_collection() {
    let mut texts = BTreeSet::new();
    for (name, refusal) in REFUSALS {
        for scheme in [Scheme::Basic, Scheme::Bearer] {
            // A name that is not a loopback address counts as a server.
            for (url, word, other) in [
                ("http://localhost:PORT/tfs/Main", "collection", "organization"),
                ("http://127.0.0.1:PORT/fabrikam", "organization", "collection"),
            ] {
                let errors = refused(url, scheme, refusal).await;
                assert!(!errors.is_empty(), "{name}");
                for error in errors {
                    let words = format!("{}\n{}", error.message(), error.help_text()).to_lowercase();
                    assert!(!words.contains(other), "{name}, {scheme:?}, the {word}: {words}");
                    if word == "collection" {
                        texts.insert(without_port(&format!("{error}\n  {}\n", error.help_text())));
                    }
                    assert!(
                        !words.contains("microsoft entra >") || word == "organization",
                        "{name}: {words}"
                    );
                }
            }
        }
    }
    insta::assert_snapshot!(texts.into_iter().collect::<Vec<_>>().join("\n"));
}
