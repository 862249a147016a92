//! Every way a sign-in fails, as a user reads it: one page, one row per symptom.
//!
//! Failures with the same response have the same message. Each row has a section in `docs/troubleshooting.md`.

use std::fmt::Write as _;

use azdo_bot::contract::Error;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ParseError;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenOrigin;
use azdo_bot::contract::check_token;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;
use azdo_simulator::Condition;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fixture::Tokens;
use crate::fixture::anonymous;
use crate::fixture::call;
use crate::fixture::connect_as;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::envelope;
use crate::fixture::hasty;
use crate::fixture::shaped_token;
use crate::fixture::token;
use crate::fixture::unauthorized;
use crate::responses::EXPIRED;
use crate::responses::HTML_OF_THE_SERVICE;
use crate::responses::POLICY;
use crate::responses::blocked_page;
use crate::responses::blocked_text;
use crate::responses::challenged_by_iis;
use crate::responses::expired;
use crate::responses::forbidden_by_iis;
use crate::responses::gateway;
use crate::responses::guest_page;
use crate::responses::limited;
use crate::responses::network_sign_in;
use crate::responses::never_signed_in;
use crate::responses::not_a_member;
use crate::responses::nothing;
use crate::responses::portal;
use crate::responses::with_reason;
use crate::secure::Authority;
use crate::secure::serve;
use crate::secure::trusting;
use crate::server::Script;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;

type Make = fn() -> Script;

/// The cause of a symptom
enum Way {
    /// The text that was given as the token
    Token(&'static [fn(&str) -> String]),
    /// The text that was given as the URL of the organization
    Url(&'static [&'static str]),
    /// The responses of the hosted service about the user and the project; all have the same message
    Hosted(&'static [(Make, Make)]),
    /// The same for a Microsoft Entra access token
    Entra(&'static [(Make, Make)]),
    /// The responses of something else than the hosted service to both requests
    Elsewhere(&'static [Make]),
    /// The response of a server
    Server(Make),
    /// The response of the simulator for an organization in this condition
    Organization(Condition),
    /// The certificate of a server
    Certificate(fn(&Authority) -> tokio_rustls::TlsAcceptor),
    /// The response of the proxy
    Proxy(Make),
}
use Way::Certificate;
use Way::Entra;
use Way::Hosted;
use Way::Proxy;
use Way::Token;
use Way::Url;

const ROWS: &[(&str, Way)] = &[
    ("The token has quotes or spaces around it", Token(&[|t| format!("\"{t}\""), |t| format!(" {t}")])),
    ("The token begins with Basic or Bearer", Token(&[|t| format!("Basic {t}")])),
    (
        "The token is encoded",
        Token(&[|t| STANDARD.encode(format!("me:{t}")), |t| STANDARD.encode(format!(":{t}"))]),
    ),
    ("A user name precedes the token", Token(&[|t| format!("me:{t}")])),
    ("The token is a placeholder", Token(&[|_| "*".repeat(52), |_| "${AZDO_PAT}".to_owned()])),
    (
        "The URL contains more than the organization",
        Url(&[
            "https://dev.azure.com/fabrikam/Fabrikam",
            "https://dev.azure.com/fabrikam/Fabrikam/_git/site",
            "https://fabrikam.visualstudio.com/Fabrikam",
        ]),
    ),
    ("The URL is not an organization URL", Url(&["https://dev.azure.com", "dev.azure.com/fabrikam"])),
    ("The URL contains a user or a token", Url(&["https://fabrikam@dev.azure.com/fabrikam"])),
    (
        "The token is not accepted",
        Hosted(&[
            (unauthorized, unauthorized),
            (
                || envelope("401 Unauthorized", "UnauthorizedRequestException", "TF400813: The user"),
                unauthorized,
            ),
            (|| reply("203 Non-Authoritative Information", HTML_OF_THE_SERVICE, "<html>"), unauthorized),
            (|| reply("200 OK", HTML_OF_THE_SERVICE, "<html>"), unauthorized),
            (|| reply("302 Found", "location: https://x.example/_signin\r\n", ""), unauthorized),
            (anonymous, unauthorized),
        ]),
    ),
    (
        "The token has expired",
        Hosted(&[
            (|| with_reason("401 Unauthorized", EXPIRED, ""), unauthorized),
            (
                || with_reason("401 Unauthorized", EXPIRED, "<html><title>Access Denied</title></html>"),
                unauthorized,
            ),
            (|| expired("401 Unauthorized"), unauthorized),
            (|| expired("403 Forbidden"), || expired("403 Forbidden")),
            (anonymous, || expired("401 Unauthorized")),
        ]),
    ),
    (
        "A policy of the organization excludes the token",
        Hosted(&[(
            || with_reason("401 Unauthorized", POLICY, "<html><title>A policy</title>"),
            unauthorized,
        )]),
    ),
    ("The user of the token is not a member of the organization", Hosted(&[(not_a_member, unauthorized)])),
    ("The user of the token has never signed in", Way::Organization(Condition::NeverSignedIn)),
    (
        "The Microsoft Entra token is not accepted",
        Entra(&[
            (
                || {
                    let body = "\u{feff}{\"message\":\"TF400813: The user\",\"typeKey\":\"InvalidIdentityException\"}";
                    reply(
                        "401 Unauthorized",
                        "www-authenticate: Bearer\r\ncontent-type: application/json\r\n",
                        body,
                    )
                },
                unauthorized,
            ),
            (unauthorized, unauthorized),
            (|| reply("302 Found", "location: https://x.example/_signin\r\n", ""), unauthorized),
            (anonymous, unauthorized),
        ]),
    ),
    ("The application is not a user of the organization", Entra(&[(never_signed_in, unauthorized)])),
    (
        "The response does not come from Azure DevOps",
        Way::Elsewhere(&[blocked_page, portal, guest_page, gateway, blocked_text]),
    ),
    ("The network requires a sign-in", Way::Elsewhere(&[network_sign_in])),
    ("A conditional access policy blocks the request", Way::Organization(Condition::ConditionalAccess)),
    ("The organization is deactivated", Way::Organization(Condition::Deactivated)),
    (
        "The organization does not exist",
        Hosted(&[(
            || reply("404 Not Found", "content-type: text/plain\r\n", "It cannot be found."),
            unauthorized,
        )]),
    ),
    ("The token lacks a scope", Hosted(&[(connection_data, unauthorized)])),
    (
        "The project does not exist",
        Hosted(&[(connection_data, || {
            envelope(
                "404 Not Found",
                "ProjectDoesNotExistWithNameException",
                "TF200016: The following project",
            )
        })]),
    ),
    (
        "Azure DevOps limits the requests of the user",
        Hosted(&[(limited, limited), (limited, connection_data)]),
    ),
    (
        "The server does not accept the token",
        Way::Server(|| envelope("401 Unauthorized", "UnauthorizedRequestException", "TF400813: The user")),
    ),
    // Over TLS: plain HTTP on loopback is treated as the simulator, not as a server.
    ("The server has IIS Basic authentication enabled", Way::Server(challenged_by_iis)),
    ("The web server responds before Azure DevOps", Way::Server(forbidden_by_iis)),
    (
        "The collection does not exist on the server",
        Way::Server(|| reply("404 Not Found", "content-type: text/html\r\n", "<html>")),
    ),
    (
        "The certificate authority is not trusted",
        Certificate(|_| Authority::new().server("127.0.0.1", "http/1.1", |_| {})),
    ),
    (
        "The certificate belongs to another host",
        Certificate(|authority| authority.server("dev.azure.com", "http/1.1", |_| {})),
    ),
    (
        "The certificate has expired, or the clock is wrong",
        Certificate(|authority| {
            authority
                .server("127.0.0.1", "http/1.1", |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1))
        }),
    ),
    (
        "The certificate is not valid yet, or the clock is wrong",
        Certificate(|authority| {
            authority.server("127.0.0.1", "http/1.1", |params| {
                params.not_before = rcgen::date_time_ymd(4000, 1, 1)
            })
        }),
    ),
    (
        "The proxy requires a user and a password",
        Proxy(|| reply("407 Proxy Authentication Required", "proxy-authenticate: Basic realm=\"x\"\r\n", "")),
    ),
    ("The proxy rejects the request", Proxy(|| reply("403 Forbidden", "", "<html>"))),
    ("The network does not respond", Hosted(&[(nothing, nothing)])),
];

fn shown(error: &Error) -> String {
    format!("{error}\n  help: {}\n", error.help_text())
}

fn refused(refusal: ParseError) -> String {
    // As `decode` and the stores convert it.
    let error = Error::new(refusal.code, refusal.reason);
    shown(&match refusal.help {
        Some(help) => error.help(help),
        None => error,
    })
}

impl Way {
    /// Returns the message for each cause of the symptom
    async fn messages(&self) -> Vec<String> {
        let tokens = match self {
            // The method ENTRA refuses the form of a personal access token.
            Way::Entra(_) => Tokens::one(),
            _ => Tokens::new(&[&shaped_token()]),
        };
        let limits = NetworkLimits { attempts: 1, ..hasty() };
        match self {
            Way::Token(given) => {
                let check = |make: &fn(&str) -> String| check_token(&make(token()), TokenOrigin::Stored);
                given.iter().map(|make| refused(check(make).expect_err("it is not a token"))).collect()
            }
            Way::Url(given) => {
                let check = |url: &&str| {
                    OrganizationUrl::parse(url).expect_err("it is not the URL of an organization")
                };
                given.iter().map(|url| refused(check(url))).collect()
            }
            Way::Hosted(answers) | Way::Entra(answers) => {
                let scheme = if matches!(self, Way::Entra(_)) { Scheme::Bearer } else { Scheme::Basic };
                let mut all = Vec::new();
                for (who, what) in answers.iter().copied() {
                    let server = Server::start(move |seen| match seen.path() {
                        "/fabrikam/_apis/connectionData" => who(),
                        "/fabrikam/_apis/projects/Fabrikam" => what(),
                        _ => json("200 OK", r#"{"value":[{"name":"Fabrikan"},{"name":"Archive"}]}"#),
                    })
                    .await;
                    let simulator = Some(server.address());
                    let network = Network::new(NetworkOptions {
                        simulator,
                        limits: limits.clone(),
                        ..NetworkOptions::default()
                    });
                    let url = "https://dev.azure.com/fabrikam";
                    let result = connect_as(scheme, &network, url, &tokens, &call()).await;
                    all.push(without_port(&shown(&result.expect_err("it fails")), &server));
                }
                all
            }
            Way::Elsewhere(answers) => {
                let mut all = Vec::new();
                for answer in answers.iter().copied() {
                    let server = Server::start(move |_| answer()).await;
                    let simulator = Some(server.address());
                    let limits = limits.clone();
                    let network =
                        Network::new(NetworkOptions { simulator, limits, ..NetworkOptions::default() });
                    let result =
                        connect_to(&network, "https://dev.azure.com/fabrikam", &tokens, &call()).await;
                    all.push(without_port(&shown(&result.expect_err("it fails")), &server));
                }
                all
            }
            Way::Server(answer) => {
                let (authority, answer) = (Authority::new(), *answer);
                let server =
                    serve(authority.server("127.0.0.1", "http/1.1", |_| {}), move |_| answer()).await;
                vec![over_tls(&server, &authority).await]
            }
            Way::Organization(condition) => {
                let fabrikam = azdo_simulator::Organization::fabrikam().condition(*condition);
                let simulator = Simulator::start(World::hard().organization(fabrikam), 0).await;
                let simulator = simulator.expect("a port on loopback is free");
                let own = simulator.token("fabrikam").expect("every organization has one");
                let network = Network::new(NetworkOptions {
                    simulator: Some(simulator.address()),
                    limits,
                    ..NetworkOptions::default()
                });
                let tokens = Tokens::new(&[&own]);
                let result = connect_to(&network, "https://dev.azure.com/fabrikam", &tokens, &call()).await;
                let message = shown(&result.expect_err("it fails"));
                assert!(!message.contains(&own), "the page contains the token");
                vec![message]
            }
            Way::Certificate(make) => {
                let authority = Authority::new();
                let server = serve(make(&authority), |_| json("200 OK", "[]")).await;
                vec![over_tls(&server, &authority).await]
            }
            Way::Proxy(answer) => {
                let answer = *answer;
                let server = Server::start(move |_| answer()).await;
                let proxy = Some(format!("http://{}", server.address()));
                let network = Network::new(NetworkOptions { proxy, limits, ..NetworkOptions::default() });
                let result = connect_to(&network, "https://dev.azure.com/fabrikam", &tokens, &call()).await;
                vec![without_port(&shown(&result.expect_err("it fails")), &server)]
            }
        }
    }
}

/// Returns the message for a collection on this server
async fn over_tls(server: &Server, authority: &Authority) -> String {
    let network = Network::new(trusting(server.address(), &[authority]));
    let url = format!("https://{}/tfs/DefaultCollection", server.address());
    let result = connect_to(&network, &url, &Tokens::new(&[&shaped_token()]), &call()).await;
    without_port(&shown(&result.expect_err("it fails")), server)
}

/// Replaces what differs from run to run: the port, the authority and the time
fn without_port(text: &str, server: &Server) -> String {
    let text = text.replace(&server.address().to_string(), "127.0.0.1:PORT");
    let text = match text.split_once("(CN=") {
        Some((before, rest)) => {
            format!("{before}(CN=AUTHORITY{}", &rest[rest.find(')').expect("it is closed")..])
        }
        None => text,
    };
    match text.split_once("clock shows ") {
        Some((before, rest)) => {
            format!("{before}clock shows NOW{}", &rest[rest.find(". ").expect("a sentence follows")..])
        }
        None => text,
    }
}

#[tokio::test]
async fn every_way_a_sign_in_fails_says_what_to_do() {
    let mut page = String::new();
    for (title, way) in ROWS {
        let mut messages = way.messages().await;
        if matches!(way, Way::Hosted(_) | Way::Entra(_)) {
            assert!(
                messages.windows(2).all(|two| two[0] == two[1]),
                "{title}: one symptom, one message: {messages:#?}"
            );
        }
        messages.dedup();
        let _ = writeln!(page, "### {title}\n{}", messages.concat());
    }
    assert!(!page.contains(token()), "the page contains a token");
    insta::assert_snapshot!(page);
}

#[test]
fn every_diagnosis_has_its_place_in_the_docs() {
    let docs = include_str!("../../docs/troubleshooting.md");
    let written: Vec<&str> = docs.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let titles: Vec<&str> = ROWS.iter().map(|(title, _)| *title).collect();
    assert_eq!(written, titles);
}
