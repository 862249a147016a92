//! What a key-value vault says when it has no secret: the mount, its version, the path, and the policy.

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::credentials::SignIn;

use crate::cloud::Cloud;
use crate::cloud::by_variable;
use crate::cloud::reference;
use crate::fixture::checked;
use crate::server::json;

/// Reads a secret from a vault with these responses to the read and to the question for its mount
async fn refused(
    place: &str,
    read: (&'static str, &'static str),
    mount: (&'static str, &'static str),
) -> Error {
    let cloud = Cloud::start(move |seen| {
        let path = seen.path();
        let is_mount = path.starts_with("/v1/sys/internal/ui/mounts/");
        let (status, body) = if is_mount { mount } else { read };
        (is_mount || path.starts_with("/v1/secret/")).then(|| json(status, body))
    })
    .await;
    let vault = cloud.vault(SignIn::Token(by_variable()), cloud.options());
    vault.read_reference(&reference(place)).await.map_err(checked).expect_err("there is no secret")
}

const EMPTY: (&str, &str) = ("404 Not Found", r#"{"errors":[]}"#);
const DENIED: (&str, &str) = ("403 Forbidden", r#"{"errors":["1 error occurred: permission denied"]}"#);
const UNSEEN: (&str, &str) = ("403 Forbidden", r#"{"errors":["preflight capability check returned 403"]}"#);

fn mount(path: &'static str, engine: &str, version: &str) -> (&'static str, &'static str) {
    let options =
        if version.is_empty() { "null".to_owned() } else { format!(r#"{{"version":"{version}"}}"#) };
    let body = format!(r#"{{"data":{{"path":"{path}","type":"{engine}","options":{options}}}}}"#);
    ("200 OK", Box::leak(body.into_boxed_str()))
}

#[tokio::test]
async fn each_reason_why_a_vault_has_no_secret_has_its_own_sentence() {
    let second = || mount("secret/", "kv", "2");
    let deleted = (
        "404 Not Found",
        r#"{"data":{"data":null,"metadata":{"version":3,"deletion_time":"2027-01-01T00:00:00Z","destroyed":false}}}"#,
    );
    let rows = [
        (
            "vault:azdo/x#pat",
            EMPTY,
            second(),
            "has no secret at azdo/x in the mount \"secret\"",
            "correct the reference",
        ),
        (
            "vault:azdo/x#pat",
            deleted,
            second(),
            "its latest version is deleted (version 3)",
            "-versions=3 azdo/x",
        ),
        (
            "vault:azdo/x#pat",
            EMPTY,
            mount("secret/", "kv", "1"),
            "has no secret at azdo/x in the mount \"secret\"",
            "correct the reference",
        ),
        (
            "vault:azdo/x#pat",
            DENIED,
            mount("secret/", "kv", ""),
            "does not let its token read azdo/x",
            "`read` on secret/azdo/x",
        ),
        (
            "vault:azdo/x#pat",
            EMPTY,
            mount("secret/", "ssh", ""),
            "has the engine \"ssh\" at \"secret\"",
            "`stores.vault.mount`",
        ),
        (
            "vault:azdo/x#pat",
            EMPTY,
            mount("secret/azdo/", "kv", "2"),
            "the path belongs to the mount \"secret/azdo\"",
            "Write \"secret/azdo\"",
        ),
        // A text that is no part of the question may be a secret of the vault.
        (
            "vault:azdo/x#pat",
            EMPTY,
            mount("team/", "kv", "2"),
            "has no secret at azdo/x in the mount \"secret\"",
            "correct the reference",
        ),
        (
            "vault:azdo/x#pat",
            EMPTY,
            mount("secret/", &"engine".repeat(6), ""),
            "has no secret at azdo/x in the mount \"secret\"",
            "correct the reference",
        ),
        (
            "vault:azdo/x#pat",
            EMPTY,
            UNSEEN,
            "has no mount \"secret\", or its token may not see it",
            "`stores.vault.mount`",
        ),
        (
            "vault:secret/data/azdo/x#pat",
            EMPTY,
            second(),
            "has no secret at secret/data/azdo/x",
            "vault:azdo/x#pat",
        ),
        (
            "vault:secret/azdo/x#pat",
            DENIED,
            second(),
            "does not let its token read secret/azdo/x",
            "vault:azdo/x#pat",
        ),
        (
            "vault:azdo/x#pat",
            DENIED,
            second(),
            "does not let its token read azdo/x",
            "`read` on secret/data/azdo/x",
        ),
        (
            "vault:azdo/x#pat",
            DENIED,
            UNSEEN,
            "does not let its token read azdo/x",
            "an expired token causes the same error",
        ),
    ];
    for (place, read, mount, message, help) in rows {
        let error = refused(place, read, mount).await;
        assert_eq!(error.code(), ErrorCode::CredentialNotFound, "{message}");
        assert!(error.message().contains(message), "{message}: {error}");
        assert!(error.help_text().contains(help), "{help}: {}", error.help_text());
    }
}

#[tokio::test]
async fn a_secret_of_version_1_is_read_if_the_mount_says_so() {
    let cloud = Cloud::start(|seen| match seen.path() {
        "/v1/secret/azdo/old" => Some(json("200 OK", r#"{"data":{"pat":"abcdef"}}"#)),
        "/v1/secret/data/azdo/old" => Some(json(DENIED.0, DENIED.1)),
        path if path.starts_with("/v1/sys/internal/ui/mounts/") => {
            let (status, body) = mount("secret/", "kv", "1");
            Some(json(status, body))
        }
        _ => None,
    })
    .await;
    let vault = cloud.vault(SignIn::Token(by_variable()), cloud.options());
    let secret = vault.read_reference(&reference("vault:azdo/old#pat")).await.map_err(checked);
    assert_eq!(secret.expect("version 1 is read").expose(), "abcdef");
}
