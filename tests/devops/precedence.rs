//! The errors of Connect: the first one by precedence, whatever the other response is.

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;

use crate::fixture::Tokens;
use crate::fixture::anonymous;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::envelope;
use crate::fixture::fabrikam;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::server::Script;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

type Make = fn() -> Script;

fn refused() -> Script {
    vec![Step::Reset]
}

fn sign_in_page() -> Script {
    reply(
        "203 Non-Authoritative Information",
        "content-type: text/html; charset=utf-8\r\n",
        "<html>Sign In</html>",
    )
}

fn sign_in_redirect() -> Script {
    reply("302 Found", "location: https://spsprodweu1.vssps.visualstudio.com/_signin?realm=x\r\n", "moved")
}

fn other_redirect() -> Script {
    reply("302 Found", "location: https://elsewhere.example/\r\n", "moved")
}

fn permanent_redirect() -> Script {
    reply("301 Moved Permanently", "location: https://elsewhere.example/\r\n", "")
}

fn web_page() -> Script {
    reply("200 OK", "content-type: text/html\r\n", "<html>Welcome to our guest network</html>")
}

fn zero_identity() -> Script {
    json("200 OK", r#"{"authenticatedUser":{"id":"00000000-0000-0000-0000-000000000000"}}"#)
}

fn conditional_access() -> Script {
    envelope(
        "403 Forbidden",
        "VssServiceException",
        "VS403463: The conditional access policy defined by your",
    )
}

fn forbidden() -> Script {
    envelope("403 Forbidden", "AccessDeniedException", "Access denied.")
}

fn stopped() -> Script {
    let body = "\u{feff}{\"message\":\"TF24668: The following team project collection is stopped: fabrikam.\",\"typeKey\":\"VssServiceException\"}";
    reply("503 Service Unavailable", "content-type: application/json\r\n", body)
}

fn no_resource() -> Script {
    reply("404 Not Found", "content-type: text/plain\r\n", "The resource cannot be found.")
}

fn no_project() -> Script {
    let message =
        "TF200016: The following project does not exist: Fabrikam. Verify that the name is correct.";
    envelope("404 Not Found", "ProjectDoesNotExistWithNameException", message)
}

fn no_project_400() -> Script {
    envelope(
        "400 Bad Request",
        "ProjectDoesNotExistException",
        "VS800075: The project with id does not exist",
    )
}

fn deleting() -> Script {
    json("200 OK", r#"{"id":"6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c","name":"Fabrikam","state":"deleting"}"#)
}

fn unavailable() -> Script {
    reply("500 Internal Server Error", "", "")
}

fn throttled() -> Script {
    reply("429 Too Many Requests", "retry-after: 86400\r\n", "")
}

fn bad_json() -> Script {
    json("200 OK", "{\"id\":")
}

/// Connects to a server with these responses; returns the error and the requests
async fn fails(who: Make, what: Make, list: Make) -> (Error, Vec<String>) {
    let server = Server::start(move |seen| match seen.path() {
        "/fabrikam/_apis/connectionData" => who(),
        "/fabrikam/_apis/projects/Fabrikam" => what(),
        "/fabrikam/_apis/projects" => list(),
        other => panic!("unexpected request: {other}"),
    })
    .await;
    let limits = azdo_bot::devops::NetworkLimits { attempts: 1, ..short() };
    let network = Network::new(options(limits));
    let error = connect_to(&network, &server.url(), &Tokens::one(), &call()).await.expect_err("it fails");
    let mut lines = server.lines();
    lines.sort();
    (error, lines)
}

#[tokio::test]
async fn the_first_error_by_precedence_is_returned() {
    use ErrorCode::AuthFailed;
    use ErrorCode::AuthScopeMissing;
    use ErrorCode::NetworkFailed;
    use ErrorCode::OrganizationDisabled;
    use ErrorCode::OrganizationNotFound;
    use ErrorCode::PermissionDenied;
    use ErrorCode::ProjectNotFound;
    use ErrorCode::ServiceBadResponse;
    use ErrorCode::ServiceRateLimited;
    use ErrorCode::ServiceUnavailable;
    let rows: &[(Make, Make, ErrorCode)] = &[
        (refused, refused, NetworkFailed),
        // The token is not accepted, whatever the response about the project.
        (unauthorized, unauthorized, AuthFailed),
        (unauthorized, fabrikam, AuthFailed),
        (unauthorized, no_project, AuthFailed),
        (unauthorized, refused, AuthFailed),
        (sign_in_page, sign_in_page, AuthFailed),
        (sign_in_redirect, sign_in_redirect, AuthFailed),
        (anonymous, fabrikam, AuthFailed),
        (anonymous, unauthorized, AuthFailed),
        (anonymous, stopped, AuthFailed),
        (zero_identity, fabrikam, AuthFailed),
        (conditional_access, unauthorized, PermissionDenied),
        (forbidden, stopped, PermissionDenied),
        (stopped, stopped, OrganizationDisabled),
        (stopped, no_project, OrganizationDisabled),
        (connection_data, stopped, OrganizationDisabled),
        (no_resource, stopped, OrganizationDisabled),
        (no_resource, no_resource, OrganizationNotFound),
        (no_resource, unauthorized, OrganizationNotFound),
        (connection_data, unauthorized, AuthScopeMissing),
        (connection_data, sign_in_page, AuthScopeMissing),
        (connection_data, forbidden, PermissionDenied),
        (connection_data, conditional_access, PermissionDenied),
        (connection_data, no_project, ProjectNotFound),
        (connection_data, no_resource, ProjectNotFound),
        (connection_data, no_project_400, ProjectNotFound),
        (connection_data, deleting, ProjectNotFound),
        (unavailable, no_project, ProjectNotFound),
        (refused, no_project, ProjectNotFound),
        (refused, deleting, ProjectNotFound),
        // One response is not usable: its own code, that of connectionData first.
        (unavailable, fabrikam, ServiceUnavailable),
        (throttled, unavailable, ServiceRateLimited),
        (refused, fabrikam, NetworkFailed),
        (refused, unavailable, NetworkFailed),
        // Something else than the service responds: nothing is known about the token.
        (other_redirect, fabrikam, ServiceBadResponse),
        (web_page, fabrikam, ServiceBadResponse),
        (web_page, unauthorized, ServiceBadResponse),
        (web_page, stopped, ServiceBadResponse),
        (permanent_redirect, fabrikam, ServiceBadResponse),
        (bad_json, unavailable, ServiceBadResponse),
        (connection_data, unavailable, ServiceUnavailable),
        (connection_data, refused, NetworkFailed),
        (connection_data, web_page, ServiceBadResponse),
        (connection_data, bad_json, ServiceBadResponse),
        (connection_data, permanent_redirect, ServiceBadResponse),
    ];
    for (at, (who, what, code)) in rows.iter().enumerate() {
        let (error, lines) = fails(*who, *what, refused).await;
        assert_eq!(error.code(), *code, "row {at}: {error:?}");
        // Similar names are requested only if the name may be misspelt.
        let with_names = *code == ErrorCode::ProjectNotFound && !error.message().contains("its state");
        assert_eq!(lines.len(), 2 + usize::from(with_names), "row {at}: {lines:?}");
    }
}

#[tokio::test]
async fn the_error_of_a_missing_project_lists_similar_names() {
    let list = || {
        json(
            "200 OK",
            r#"{"count":4,"value":[{"name":"Fabrikam Archive"},{"name":"Fabrikan"},{"name":"Website"},{"name":"Fab"}]}"#,
        )
    };
    let (error, lines) = fails(connection_data, no_project, list).await;
    assert!(
        error.message().ends_with("; similar names: \"Fabrikan\", \"Fabrikam Archive\", \"Fab\""),
        "{error}"
    );
    assert_eq!(lines[0], "GET /fabrikam/_apis/connectionData");
    assert_eq!(lines[1], "GET /fabrikam/_apis/projects");
    for useless in [refused, unauthorized, web_page, bad_json] {
        let (error, _) = fails(connection_data, no_project, useless).await;
        assert!(error.message().ends_with("cannot see it"), "{error}");
    }
}

#[tokio::test]
async fn names_from_the_service_cannot_move_the_cursor() {
    let list = || json("200 OK", "{\"value\":[{\"name\":\"Fabrikam\\u001b[2J\\u202e\"}]}");
    let (error, _) = fails(connection_data, no_project, list).await;
    assert!(error.message().ends_with("\"Fabrikam\\u001b[2J\\u202e\""), "{error}");
}
