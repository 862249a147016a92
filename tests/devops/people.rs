//! The errors as users read them: message, help, and the context for support.

use std::fmt::Write as _;

use azdo_bot::contract::Error;
use azdo_bot::contract::Scope;
use azdo_bot::contract::permissions;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::envelope;
use crate::fixture::hasty;
use crate::fixture::options;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::server::Script;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

type Make = fn() -> Script;

const HTML: &str = "content-type: text/html\r\n";

/// A network that sends requests to the hosted service to this server
fn hosted(server: &Server) -> Network {
    let limits = NetworkLimits { attempts: 1, ..hasty() };
    Network::new(NetworkOptions { simulator: Some(server.address()), limits, ..NetworkOptions::default() })
}

const URL: &str = "https://dev.azure.com/fabrikam";

/// Writes an error as a user sees it, without what differs from run to run
fn screen(out: &mut String, error: &Error, server: &Server) {
    let _ = writeln!(out, "{error}\n  help: {}", error.help_text());
    for (key, value) in error.context() {
        let value = if matches!(*key, "tfsSession" | "time") { ".." } else { value };
        let _ = writeln!(out, "  {key}: {value}");
    }
    let _ = writeln!(out, "  retry: {}\n", error.retry_advice().as_str());
    *out = out.replace(&server.address().to_string(), "127.0.0.1:PORT");
}

#[tokio::test]
async fn connect_explains_itself() {
    let rows: &[(Make, Make)] = &[
        (unauthorized, unauthorized),
        (|| envelope("403 Forbidden", "VssServiceException", "VS403463: The policy"), unauthorized),
        (
            || {
                json(
                    "503 Service Unavailable",
                    r#"{"message":"TF24668: The following team project collection is stopped: fabrikam.","typeKey":"VssServiceException"}"#,
                )
            },
            unauthorized,
        ),
        (
            || reply("404 Not Found", "content-type: text/plain\r\n", "The resource cannot be found."),
            unauthorized,
        ),
        (connection_data, unauthorized),
        (connection_data, || reply("403 Forbidden", "", "")),
        (connection_data, || {
            envelope(
                "404 Not Found",
                "ProjectDoesNotExistWithNameException",
                "TF200016: The following project does not exist: Fabrikam.",
            )
        }),
        (connection_data, || {
            json(
                "200 OK",
                r#"{"id":"6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c","name":"Fabrikam","state":"deleting"}"#,
            )
        }),
        (connection_data, || reply("200 OK", HTML, "<html>")),
        (|| vec![Step::Close], || vec![Step::Close]),
    ];
    let mut out = String::new();
    for (who, what) in rows.iter().copied() {
        let server = Server::start(move |seen| match seen.path() {
            "/fabrikam/_apis/connectionData" => who(),
            "/fabrikam/_apis/projects/Fabrikam" => what(),
            _ => json("200 OK", r#"{"value":[{"name":"Fabrikan"},{"name":"Archive"}]}"#),
        })
        .await;
        let error = connect_to(&hosted(&server), URL, &Tokens::one(), &call()).await.expect_err("it fails");
        screen(&mut out, &error, &server);
    }
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn rejected_addresses_explain_themselves() {
    let server = Server::start(|_| json("200 OK", "[]")).await;
    let mut out = String::new();
    let here = server.url();
    for (options, url) in [
        (NetworkOptions::default(), "https://tfs.example:8443/tfs/Main"),
        (NetworkOptions::default(), "http://127.0.0.1:8080/fabrikam"),
        (
            NetworkOptions { simulator: Some(server.address()), ..options(short()) },
            "https://tfs.example/Main",
        ),
        (NetworkOptions { proxy: Some("::".to_owned()), ..NetworkOptions::default() }, URL),
        (NetworkOptions { certificate_authorities: vec![Vec::new()], ..NetworkOptions::default() }, URL),
    ] {
        let error = connect_to(&Network::new(options), url, &Tokens::one(), &call()).await.expect_err(url);
        screen(&mut out, &error, &server);
    }
    assert!(!here.is_empty() && server.opened() == 0);
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn rejected_requests_explain_themselves() {
    let rows: &[Make] = &[
        unauthorized,
        || {
            envelope(
                "403 Forbidden",
                "GitNeedsPermissionException",
                "TF401027: You need the Git 'CreateRepository' permission; identity 'Mona'",
            )
        },
        || {
            envelope(
                "403 Forbidden",
                "GitRefUpdateRejectedByPolicyException",
                "TF402455: Pushes to this branch are not permitted",
            )
        },
        || {
            envelope(
                "404 Not Found",
                "GitRepositoryNotFoundException",
                "TF401019: The Git repository with name or identifier site does not exist",
            )
        },
        || {
            envelope(
                "404 Not Found",
                "ProjectDoesNotExistException",
                "VS800075: The project with id does not exist",
            )
        },
        || {
            envelope(
                "409 Conflict",
                "GitRepositoryNameAlreadyExistsException",
                "TF400948: A Git repository with the name site already exists.",
            )
        },
        || {
            envelope(
                "400 Bad Request",
                "PipelineValidationException",
                "/azure-pipelines.yml (Line: 3, Col: 3): Unexpected value",
            )
        },
        || reply("429 Too Many Requests", "retry-after: 60\r\n", ""),
        || {
            envelope(
                "500 Internal Server Error",
                "UnexpectedException",
                "TF401349: An unexpected error has occurred",
            )
        },
        || reply("503 Service Unavailable", "", ""),
        || reply("504 Gateway Timeout", "", ""),
        || reply("301 Moved Permanently", "location: https://elsewhere.example/\r\n", ""),
        || json("201 Created", "{\"id\":"),
        || vec![Step::Close],
        || vec![Step::Silence],
    ];
    let mut out = String::new();
    for row in rows.iter().copied() {
        let server = server(move |_| row()).await;
        let (tokens, call) = (Tokens::one(), call());
        let connection = connect_to(&hosted(&server), URL, &tokens, &call).await.expect("it connects");
        let request = Request::post(&["git", "repositories"])
            .named("create the repository \"site\" in project \"Fabrikam\"")
            .missing("the project \"Fabrikam\"")
            .scope(Scope::CodeManage)
            .permission(permissions::CREATE_REPOSITORY);
        let result = connection.client(&call, &tokens).send::<IgnoredAny>(request).await;
        screen(&mut out, &checked(result.map(drop).expect_err("it fails")), &server);
    }
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn lost_reads_explain_themselves() {
    let rows: &[Make] = &[
        || vec![Step::Close],
        || vec![Step::Silence],
        || json("200 OK", "{\"id\": [\n 1,"),
        || reply("200 OK", "content-encoding: br\r\n", "x"),
        || reply("200 OK", "", "x".repeat(2000)),
    ];
    let mut out = String::new();
    for row in rows.iter().copied() {
        let server = server(move |_| row()).await;
        let limits = NetworkLimits { attempts: 1, object_bytes: 1000, ..hasty() };
        let options =
            NetworkOptions { simulator: Some(server.address()), limits, ..NetworkOptions::default() };
        let (tokens, call) = (Tokens::one(), call());
        let connection = connect_to(&Network::new(options), URL, &tokens, &call).await.expect("it connects");
        let request =
            Request::get(&["git", "repositories"]).named("list the repositories of project \"Fabrikam\"");
        let result = connection.client(&call, &tokens).send::<serde_json::Value>(request).await;
        screen(&mut out, &checked(result.map(drop).expect_err("it fails")), &server);
    }
    insta::assert_snapshot!(out);
}
