//! `keyring:` with a real gnome-keyring, on a separate session bus.

use std::io::Write as _;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::process::Stdio;

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;

use crate::support::environment;
use crate::support::follows_a_rotation;
use crate::support::read;
use crate::support::setting;
use crate::support::writes_no_secret;

fn vault(bots: &[&str]) -> CredentialResolver {
    let keyring_bots = bots.iter().map(|place| (*place).to_owned()).collect();
    let policy = StorePolicy { keyring_bots, ..StorePolicy::default() };
    CredentialResolver::new(environment(), Lockers::default(), policy)
}

/// Stores a token with the tool of libsecret, like a user; `more` distinguishes entries
fn keep_beside(service: &str, user: &str, more: &[&str], token: &[u8]) {
    let mut tool = Command::new("secret-tool");
    tool.args(["store", "--label=azdo-bot test", "service", service, "username", user]).args(more);
    let mut running = tool.stdin(Stdio::piped()).spawn().expect("the script installs it");
    running.stdin.take().expect("it is piped").write_all(token).expect("it reads");
    assert!(running.wait().expect("it ends").success());
}

fn keep(service: &str, user: &str, token: &str) {
    keep_beside(service, user, &[], token.as_bytes());
}

#[tokio::test]
async fn an_entry_is_found_by_service_and_user() {
    keep("azdo one", "bot", "abcdef");
    keep("azdo one", "other", "ghijkl");
    keep_beside("azdo binary", "bot", &[], b"\xff\xfe");
    keep_beside("azdo twice", "bot", &["number", "1"], b"abcdef");
    keep_beside("azdo twice", "bot", &["number", "2"], b"abcdef");
    let vault = vault(&[]);
    assert_eq!(read(&vault, "keyring:azdo one#bot").await.unwrap().expose(), "abcdef");
    assert_eq!(read(&vault, "keyring:azdo one#other").await.unwrap().expose(), "ghijkl");
    let rows = [
        ("keyring:azdo one#absent", ErrorCode::CredentialNotFound, "has no entry of service \"azdo one\""),
        ("keyring:azdo#bot", ErrorCode::CredentialNotFound, "has no entry of service \"azdo\""),
        ("keyring:azdo one", ErrorCode::InputInvalid, "has the user after the service"),
        ("keyring:azdo twice#bot", ErrorCode::CredentialNotFound, "more than one entry"),
        ("keyring:azdo binary#bot", ErrorCode::CredentialInvalidFormat, "is not a text"),
    ];
    for (place, code, words) in rows {
        let error = read(&vault, place).await.unwrap_err();
        assert_eq!(error.code(), code, "{place}: {error}");
        assert!(error.message().contains(words), "{place}: {error}");
    }
}

#[tokio::test]
async fn a_bot_can_use_only_listed_entries() {
    keep("azdo listed", "bot", "abcdef");
    keep("azdo listed", "admin", "abcdef");
    let vault = vault(&["azdo listed#bot"]);
    let organization = OrganizationUrl::parse("https://dev.azure.com/contoso").expect("it is a URL");
    let project = ProjectName::parse("Website").expect("it is a name");
    let target = ConnectTarget::new(&organization, &project, Scheme::Basic);
    for (place, expected) in [("azdo listed#bot", None), ("azdo listed#admin", Some(ErrorCode::InputInvalid))]
    {
        let reference = CredentialReference::parse(&format!("keyring:{place}")).expect("it is a reference");
        let answer = vault.token(&Credential::Reference(reference), target).await;
        assert_eq!(answer.err().map(|error| error.code()), expected, "{place}");
    }
}

#[tokio::test]
async fn a_rotation_in_the_keyring_takes_effect() {
    let keep = async |token: &str| keep("azdo rotated", "bot", token);
    follows_a_rotation(vault(&[]), "keyring:azdo rotated#bot", keep).await;
}

#[tokio::test]
async fn no_output_contains_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let keep = async |token: &str| keep("azdo canary", "bot", token);
    writes_no_secret(folder.path(), "", "keyring:azdo canary#bot", &[], keep).await;
}

/// Returns the error output of the binary with this address of the session bus
fn error_output(bus: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    command.args(["call", "list_repositories", "--organization-url", "https://dev.azure.com/contoso"]);
    command.args(["--project", "Website", "--credential", "keyring:azdo locked#bot"]);
    let output = command.env("DBUS_SESSION_BUS_ADDRESS", bus).output().expect("it starts");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_locked_keyring_is_an_error_and_shows_no_password_prompt() {
    let stderr = error_output(&setting("AZDO_TEST_LOCKED_BUS"));
    assert!(stderr.contains("credential.not_found") && stderr.contains("is locked"), "{stderr}");
}

#[test]
fn a_missing_keyring_is_an_error_and_a_hanging_bus_times_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let bus = format!("unix:path={}", path.display());
    let stderr = error_output(&bus);
    assert!(
        stderr.contains("credential.not_found") && stderr.contains("This process has no keyring"),
        "{stderr}"
    );
    // It accepts connections and never responds.
    let _hanging = UnixListener::bind(&path).expect("the test's folder can be written");
    let stderr = error_output(&bus);
    assert!(stderr.contains("credential.timeout"), "{stderr}");
}
