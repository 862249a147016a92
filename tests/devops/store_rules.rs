//! The rules for every network store, whatever its protocol.

use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Retry;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::credentials::SignIn;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use tokio::sync::Notify;

use crate::cloud::Cloud;
use crate::cloud::by_variable;
use crate::cloud::reference;
use crate::cloud::secret;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::secure::Authority;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

/// A store: a reference, how to sign in, and the request that sends a secret to it
struct Row {
    place: &'static str,
    role: bool,
    path: &'static str,
}

const ROWS: [Row; 4] = [
    Row { place: "vault:azdo/bot#pat", role: false, path: "/v1/secret/data/azdo/bot" },
    Row { place: "vault:azdo/bot#pat", role: true, path: "/v1/auth/approle/login" },
    Row { place: "entra:bot", role: false, path: "/contoso/oauth2/v2.0/token" },
    Row { place: "keyvault:team/pat", role: false, path: "/secrets/pat" },
];

impl Row {
    fn sign_in(&self) -> SignIn {
        match self.role {
            false => SignIn::Token(by_variable()),
            true => SignIn::AppRole {
                mount: "approle".to_owned(),
                role_id: "bots".to_owned(),
                secret_id: by_variable(),
            },
        }
    }

    async fn read(&self, cloud: &Cloud, options: NetworkOptions) -> Result<Secret, Error> {
        cloud.vault(self.sign_in(), options).read_reference(&reference(self.place)).await.map_err(checked)
    }

    /// A cloud whose store has this response to the request with a secret
    async fn cloud(&self, answer: impl Fn() -> Script + Send + Sync + 'static) -> Cloud {
        let path = self.path;
        // The first request to a Key Vault has no token.
        let open = |seen: &Seen| path.starts_with("/secrets") && seen.header("authorization").is_none();
        Cloud::start(move |seen| (seen.path() == path && !open(seen)).then(&answer)).await
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for row in ROWS {
        let elsewhere = Server::start(|_| reply("200 OK", "", "{}")).await;
        let location = format!("location: http://{}/x\r\n", elsewhere.address());
        let cloud = row.cloud(move || reply("307 Temporary Redirect", &location, "")).await;
        let options = NetworkOptions { allow_loopback_http: true, ..cloud.options() };
        let error = row.read(&cloud, options).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound, "{}: {error}", row.place);
        assert_eq!(elsewhere.opened(), 0, "{}", row.place);
    }
}

#[tokio::test]
async fn a_page_in_place_of_a_store_is_an_error_of_the_network() {
    const HTML: &str = "content-type: text/html\r\n";
    type Answer = (fn() -> Script, &'static str);
    let answers: [Answer; 5] = [
        (
            || reply("403 Forbidden", HTML, "<html><title>Blocked by the web gateway</title></html>"),
            "status 403, a web page titled \"Blocked by the web gateway\"",
        ),
        (|| reply("200 OK", HTML, "<html><title>Guest network</title></html>"), "\"Guest network\""),
        (
            || reply("302 Found", "location: https://portal.example/login?x=y\r\n", ""),
            "status 302, a redirect to https://portal.example/login",
        ),
        (|| reply("502 Bad Gateway", HTML, "<html>"), "status 502, a web page without a title"),
        (
            || reply("511 Network Authentication Required", "", ""),
            "the network requires a sign-in of its own",
        ),
    ];
    for row in ROWS {
        for (answer, shown) in answers {
            let cloud = row.cloud(answer).await;
            let error = row.read(&cloud, cloud.options()).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::NetworkFailed, "{}: {error}", row.place);
            assert!(error.message().contains(shown), "{}: {error}", row.place);
            assert!(!error.message().contains("Azure DevOps"), "{}: {error}", row.place);
            assert_eq!(error.retry_advice() == Retry::Later, shown.contains("502"), "{}: {error}", row.place);
        }
    }
}

#[tokio::test]
async fn an_unknown_issuer_is_rejected_and_gets_no_request() {
    for row in ROWS {
        let cloud = Cloud::start(|_| None).await;
        let untrusting =
            NetworkOptions { certificate_authorities: vec![Authority::new().pem], ..cloud.options() };
        let error = row.read(&cloud, untrusting).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NetworkTls, "{}: {error}", row.place);
        assert!(cloud.server.seen().is_empty(), "{}", row.place);
        row.read(&cloud, cloud.options()).await.expect("its own authority is trusted");
    }
}

#[tokio::test]
async fn a_response_over_the_limit_is_rejected() {
    for row in ROWS {
        let cloud = row
            .cloud(|| {
                vec![Step::Write(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Step::Flood(vec![b' '; 64 * 1024])]
            })
            .await;
        let error = row.read(&cloud, cloud.options()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound, "{}: {error}", row.place);
        assert!(error.message().contains("larger than 1048576 bytes"), "{}: {error}", row.place);
    }
}

#[tokio::test]
async fn a_store_that_hangs_times_out_after_three_seconds() {
    for row in ROWS {
        let arrived = Arc::new(Notify::new());
        let notifier = arrived.clone();
        let cloud = row
            .cloud(move || {
                notifier.notify_one();
                vec![Step::Silence]
            })
            .await;
        let vault = cloud.vault(row.sign_in(), cloud.options());
        let begun = tokio::time::Instant::now();
        let reading =
            tokio::spawn(async move { vault.read_reference(&reference(row.place)).await.map(drop) });
        arrived.notified().await;
        // From now on only the clock can end it.
        tokio::time::pause();
        let error = reading.await.expect("it does not panic").unwrap_err();
        assert_eq!((error.code(), error.retry_advice()), (ErrorCode::CredentialTimeout, Retry::Later));
        let waited = begun.elapsed();
        assert!(
            (Duration::from_secs(3)..Duration::from_secs(4)).contains(&waited),
            "{}: {waited:?}",
            row.place
        );
        tokio::time::resume();
    }
}

/// An Azure DevOps that accepts one token, in either scheme
async fn guarded(good: &Arc<Mutex<String>>) -> Server {
    let good = good.clone();
    Server::start(move |seen: &Seen| {
        let good = good.lock().expect("no test panics here");
        let basic = format!("Basic {}", STANDARD.encode(format!(":{good}")));
        let known = [basic, format!("Bearer {good}")];
        match well(seen) {
            _ if !known.iter().any(|one| seen.header("authorization") == Some(one)) => unauthorized(),
            Some(script) => script,
            None => json("200 OK", "[]"),
        }
    })
    .await
}

#[tokio::test]
async fn a_rotation_takes_effect_in_an_open_session() {
    for row in ROWS {
        let cloud = Cloud::start(|_| None).await;
        let good = Arc::new(Mutex::new(crate::fixture::token().to_owned()));
        let service = guarded(&good).await;
        let vault = cloud.vault(row.sign_in(), cloud.options()).trusting(reference(row.place));
        let (organization, project) = (organization(&service.url()), project("Fabrikam"));
        let credential = Credential::Reference(reference(row.place));
        let request = ConnectRequest {
            organization: &organization,
            project: &project,
            credential,
            scheme: Scheme::Basic,
        };
        let network = Network::new(options(short()));
        let connection =
            network.connect(request, &vault, &call()).await.map_err(checked).expect("it is good");

        let next = format!("{}-next", crate::fixture::token());
        next.clone_into(&mut good.lock().unwrap());
        cloud.rotate(&next);
        let thing = Request::get(&["thing"]).named("read it");
        let answer = connection.client(&call(), &vault).send::<IgnoredAny>(thing).await;
        assert!(answer.map_err(checked).is_ok(), "{}", row.place);
    }
}

// The whole program: `--credential`, the proxies of the operator and of the environment, and all its output
#[tokio::test]
async fn the_proxy_of_the_operator_is_used_and_the_one_of_the_environment_is_not() {
    for row in ROWS {
        let cloud = Cloud::start(|_| None).await;
        let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
        let token = match row.place.starts_with("entra:") {
            true => simulator.entra_token("fabrikam"),
            false => simulator.token("fabrikam"),
        };
        let token = token.expect("it is there");
        cloud.rotate(&token);
        let folder = tempfile::tempdir().unwrap();
        let (authority, config) = (folder.path().join("ca.pem"), folder.path().join("azdo-bot.toml"));
        std::fs::write(&authority, &cloud.authority.pem).unwrap();
        let sign_in = match row.role {
            false => "token = \"env:STORE_SECRET\"",
            true => "approle = { role_id = \"bots\", secret_id = \"env:STORE_SECRET\" }",
        };
        write!(
            std::fs::File::create(&config).unwrap(),
            "[network]\nproxy = \"{}\"\n[stores.vault]\naddress = \"https://bao.example:8200\"\n{sign_in}\n\
             [stores.entra.bot]\ntenant = \"contoso\"\nclient_id = \"b0t\"\nclient_secret = \"env:STORE_SECRET\"\n\
             [stores.keyvault.team]\naddress = \"https://team.vault.azure.net\"\nentra = \"bot\"\n",
            cloud.proxy()
        )
        .unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        command.args(["call", "list_repositories", "--project", "Fabrikam", "--allow-loopback-http"]);
        command.args(["--organization-url", &simulator.organization_url("fabrikam")]);
        command.args(["--log", "trace", "--credential", row.place, "--config"]).arg(&config);
        command.arg("--ca").arg(&authority).env("STORE_SECRET", secret());
        // A proxy of the environment would be used, and does not exist.
        let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
        command.envs(proxies.map(|name| (name, "http://127.0.0.1:1")));
        let ended = tokio::task::spawn_blocking(move || command.output().expect("it starts"));
        let output = ended.await.expect("it ends");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(
            output.status.success() && text.contains("site") && text.contains("TRACE"),
            "{}: {text}",
            row.place
        );
        // The tokens of the stores begin with the token of the test.
        for hidden in [&token, &secret(), crate::fixture::token()] {
            assert!(!text.contains(hidden), "{}: a secret is written", row.place);
        }
    }
}
