//! What the service says when it refuses: its sentence comes first, at the sign-in and in an open session.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use azdo_simulator::Fault;
use azdo_simulator::Refusal;
use azdo_simulator::RefusalForm;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde::de::IgnoredAny;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::connected;
use crate::fixture::envelope;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::server::Script;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;
use crate::statuses::answered;

const URL: &str = "https://dev.azure.com/fabrikam";

const EXPIRED: &str = "Access Denied: The Personal Access Token used has expired.";

/// Connects to a simulator with one of its special tokens
async fn refused(special: &str) -> Error {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let options =
        NetworkOptions { simulator: Some(simulator.address()), limits: short(), ..NetworkOptions::default() };
    connect_to(&Network::new(options), URL, &Tokens::new(&[special]), &call()).await.expect_err(special)
}

#[tokio::test]
async fn the_sentence_of_the_service_comes_first_at_the_sign_in() {
    let expired =
        format!("Azure DevOps does not accept the token for the organization \"fabrikam\": \"{EXPIRED}\"");
    for (special, code, message, help) in [
        ("simulator-expired-header-token", ErrorCode::AuthFailed, expired.as_str(), "Create a new token at"),
        ("simulator-expired-json-token", ErrorCode::AuthFailed, &expired, "store it in the same place"),
        ("simulator-expired-page-token", ErrorCode::AuthFailed, &expired, "Create a new token at"),
        ("simulator-expired-forbidden-token", ErrorCode::AuthFailed, &expired, "Create a new token at"),
        (
            "simulator-global-token-policy-token",
            ErrorCode::AuthFailed,
            "prohibits access by global Personal Access Token (PAT) unless you are on an allowlist",
            "an administrator of the organization",
        ),
        (
            "simulator-not-a-member-token",
            ErrorCode::AuthFailed,
            "has no access to the organization \"fabrikam\" (TF400813)",
            "Organization settings > Users",
        ),
        (
            azdo_simulator::CONDITIONAL_ACCESS_TOKEN,
            ErrorCode::PermissionDenied,
            "a conditional access policy of the organization forbids it (VS403463)",
            "Sign-in logs",
        ),
        (
            "simulator-conditional-access-unauthorized-token",
            ErrorCode::PermissionDenied,
            "a conditional access policy of the organization forbids it (VS403463)",
            "Sign-in logs",
        ),
        (
            "simulator-conditional-access-page-token",
            ErrorCode::PermissionDenied,
            "a conditional access policy of the organization forbids it (VS403463)",
            "Sign-in logs",
        ),
    ] {
        let error = refused(special).await;
        assert_eq!(error.code(), code, "{special}: {error:?}");
        assert!(error.message().contains(message), "{special}: {error}");
        assert!(error.help_text().contains(help), "{special}: {}", error.help_text());
        assert!(!error.help_text().contains("may be mistyped"), "{special}: {}", error.help_text());
    }
}

#[tokio::test]
async fn a_response_without_a_reason_keeps_the_possible_reasons() {
    for special in [
        azdo_simulator::EXPIRED_TOKEN,
        azdo_simulator::UNAUTHORIZED_JSON_TOKEN,
        azdo_simulator::SIGNIN_PAGE_TOKEN,
        azdo_simulator::REDIRECT_TOKEN,
        azdo_simulator::ANONYMOUS_TOKEN,
    ] {
        let error = refused(special).await;
        assert_eq!(error.code(), ErrorCode::AuthFailed, "{special}: {error:?}");
        assert!(error.help_text().starts_with("The token may be mistyped, expired, revoked"), "{special}");
    }
}

/// An organization that accepts the token at the sign-in and refuses it with this response afterwards
async fn later(refusal: impl Fn() -> Script + Send + Sync + 'static) -> (Error, Error) {
    let over = Arc::new(AtomicBool::new(false));
    let state = over.clone();
    let server = Server::start(move |seen| match well(seen) {
        Some(script) if !state.load(Ordering::SeqCst) => script,
        _ => refusal(),
    })
    .await;
    let connection = connected(&server, short()).await;
    over.store(true, Ordering::SeqCst);
    let (call, tokens) = (call(), Tokens::one());
    let act = || connection.client(&call, &tokens).send::<IgnoredAny>(Request::get(&["x"]).named("read it"));
    let first = act().await.map(drop).expect_err("it is refused");
    (first, act().await.map(drop).expect_err("it is refused again"))
}

#[tokio::test]
async fn the_sentence_comes_first_in_an_open_session_too() {
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let (first, second) = later(move || envelope(status, "AccessCheckException", EXPIRED)).await;
        for error in [first, second] {
            assert_eq!(error.code(), ErrorCode::AuthFailed, "{status}: {error:?}");
            assert!(error.message().ends_with(&format!("\"{EXPIRED}\"")), "{status}: {error}");
        }
    }
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let (first, second) =
            later(move || envelope(status, "VssServiceException", "VS403463: The policy")).await;
        for error in [first, second] {
            assert_eq!(error.code(), ErrorCode::PermissionDenied, "{status}: {error:?}");
            assert!(error.message().contains("(VS403463)"), "{status}: {error}");
            assert_eq!(error.context_value("serviceMessage"), Some("VS403463: The policy"), "{status}");
        }
    }
}

#[tokio::test]
async fn a_refusal_of_one_request_says_why_although_the_token_is_valid() {
    let sentence = "VS403999: This feature is disabled for tokens by a policy.";
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let error = answered(move || envelope(status, "VssServiceException", sentence)).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error:?}");
        let expected = format!("Azure DevOps refused to read the repository \"site\": \"{sentence}\"");
        // The request of the test is at a loopback address, which counts as the hosted service.
        assert_eq!(error.message(), expected);
        assert!(error.help_text().contains("administrator of the organization"), "{}", error.help_text());
    }
}

#[tokio::test]
async fn without_a_named_permission_the_help_names_none() {
    let bare = |script: fn() -> Script| async move {
        let server = crate::fixture::server(move |_| script()).await;
        let connection = connected(&server, NetworkLimits { attempts: 1, ..short() }).await;
        let request = Request::get(&["x"]).named("read it");
        connection
            .client(&call(), &Tokens::one())
            .send::<IgnoredAny>(request)
            .await
            .map(drop)
            .expect_err("403")
    };
    let rows: [fn() -> Script; 3] = [
        || json("403 Forbidden", ""),
        || reply("403 Forbidden", "", ""),
        || envelope("403 Forbidden", "AccessDeniedException", "Access denied. Mona needs Manage permissions"),
    ];
    for script in rows {
        let error = bare(script).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error:?}");
        assert!(!error.help_text().contains("named permission"), "{}", error.help_text());
        assert!(error.help_text().contains("administrator of the organization"), "{}", error.help_text());
    }
    assert!(
        !ErrorCode::PermissionDenied.advice().contains("named"),
        "{}",
        ErrorCode::PermissionDenied.advice()
    );
}

#[tokio::test]
async fn the_sentence_is_in_the_json_form_of_the_error_and_masked() {
    let message = format!("TF401027: You need 'GenericRead', not {}", token());
    let error = answered(move || envelope("403 Forbidden", "GitNeedsPermissionException", &message)).await;
    let document = serde_json::to_value(&error).expect("it serializes");
    assert_eq!(
        document["context"]["serviceMessage"], "TF401027: You need 'GenericRead', not ********",
        "{document}"
    );
}

#[tokio::test]
async fn the_cause_in_the_network_is_named_last() {
    let help = refused(azdo_simulator::EXPIRED_TOKEN).await;
    let help = help.help_text();
    let (token, network) =
        (help.find("mistyped").expect("first"), help.find("conditional access").expect("last"));
    assert!(token < network && help.ends_with("ask the administrator of the tenant."), "{help}");
}

#[tokio::test]
async fn the_address_that_the_service_saw_is_passed_on() {
    let sentence = "VS403999: The IP address 203.0.113.7 is not in the allowed range.";
    let error = answered(move || envelope("403 Forbidden", "VssServiceException", sentence)).await;
    assert_eq!(error.context_value("seenFrom"), Some("203.0.113.7"), "{error:?}");
    assert!(error.message().contains("203.0.113.7"), "{error}");
}

#[tokio::test]
async fn a_token_of_an_unknown_form_that_is_refused_is_described() {
    let error = refused("simulator-revoked-token").await;
    let words = "the token has 23 characters, not of a known form (52 or 84 letters and digits)";
    assert!(error.message().ends_with(words), "{error}");
    let shaped = ["ab2".repeat(17), "a".to_owned()].concat();
    let error = refused(&shaped).await;
    assert!(error.message().ends_with("the organization \"fabrikam\""), "{error}");
}

#[tokio::test]
async fn a_page_of_the_service_with_a_reason_is_read_behind_any_request() {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let own = simulator.token("fabrikam").expect("every organization has one");
    let options =
        NetworkOptions { simulator: Some(simulator.address()), limits: short(), ..NetworkOptions::default() };
    let tokens = Tokens::new(&[&own]);
    let connection = connect_to(&Network::new(options), URL, &tokens, &call()).await.expect("it connects");
    let page = "<html><title>VS403463: The conditional access policy has failed.</title></html>";
    simulator.fault(Fault::on("GET *").answer(403, &[("Content-Type", "text/html")], page));
    let request = Request::get(&["git", "repositories"]).named("list them");
    let error =
        connection.client(&call(), &tokens).send::<IgnoredAny>(request).await.map(drop).expect_err("403");
    assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error:?}");
    assert!(error.message().contains("(VS403463)"), "{error}");
}

/// Reasons of the service whose words are not known: the simulator says any sentence in each form of the service
#[tokio::test]
async fn a_reason_in_unknown_words_is_quoted_in_each_form_of_the_service() {
    for sentence in [
        "External guest access is not allowed in this organization.",
        "The user 'mona' is disabled & cannot sign in <see Users>.",
        "Personal access tokens are disabled by a policy.",
        "VS404999: The IP address 203.0.113.7 is not in the allowed range.",
    ] {
        for (form, code) in [
            (RefusalForm::Forbidden, ErrorCode::PermissionDenied),
            (RefusalForm::Unauthorized, ErrorCode::AuthFailed),
            (RefusalForm::Header, ErrorCode::AuthFailed),
            (RefusalForm::Page, ErrorCode::PermissionDenied),
        ] {
            let world = World::hard().refuses(&Refusal::new(sentence).form(form));
            let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
            let own = simulator.token("fabrikam").expect("every organization has one");
            let options = NetworkOptions {
                simulator: Some(simulator.address()),
                limits: short(),
                ..NetworkOptions::default()
            };
            let error = connect_to(&Network::new(options), URL, &Tokens::new(&[&own]), &call())
                .await
                .expect_err("it is refused");
            assert_eq!(error.code(), code, "{form:?}: {error:?}");
            assert!(error.message().ends_with(&format!("\"{sentence}\"")), "{form:?}: {error}");
            assert!(error.help_text().contains("an administrator of the organization"), "{form:?}");
            assert!(!error.help_text().contains("may be mistyped"), "{form:?}: {}", error.help_text());
            let address = sentence.contains("203.").then_some("203.0.113.7");
            assert_eq!(error.context_value("seenFrom"), address, "{form:?}");
        }
    }
}

#[tokio::test]
async fn a_token_of_an_unknown_form_that_is_refused_in_an_open_session_is_described() {
    let (first, second) = later(unauthorized).await;
    for error in [first, second] {
        assert_eq!(error.code(), ErrorCode::AuthFailed, "{error:?}");
        let words = "characters, not of a known form (52 or 84 letters and digits)";
        assert!(error.message().ends_with(words), "{error}");
    }
}
