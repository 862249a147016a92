//! `vault:` with a real OpenBao server, over TLS with its own certificate authority.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Retry;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::StoreClient as _;
use azdo_bot::contract::StoreRequest;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::HashiCorpVault;
use azdo_bot::credentials::KeyValueVersion;
use azdo_bot::credentials::Locker;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::SignIn;
use azdo_bot::credentials::StorePolicy;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::StoreHttp;
use http::Method;
use http::StatusCode;
use secrecy::zeroize::Zeroizing;
use serde_json::Value;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

use crate::support::environment;
use crate::support::follows_a_rotation;
use crate::support::read;
use crate::support::setting;
use crate::support::writes_no_secret;

/// The variable that holds the server's root token
const ROOT: &str = "AZDO_TEST_BAO_TOKEN";

const CONTOSO: &str = "https://dev.azure.com/contoso";
const FABRIKAM: &str = "https://dev.azure.com/fabrikam";

/// An HTTP client for the server, which trusts the server's authority
fn http() -> StoreHttp {
    let authority = std::fs::read(setting("AZDO_TEST_BAO_CA")).expect("the server wrote it");
    StoreHttp::new(NetworkOptions { certificate_authorities: vec![authority], ..NetworkOptions::default() })
}

fn address() -> Url {
    Url::parse(&setting("AZDO_TEST_BAO_ADDRESS")).expect("it is an address")
}

fn key_value(sign_in: SignIn) -> HashiCorpVault {
    HashiCorpVault {
        address: address(),
        mount: "secret".into(),
        version: None,
        namespace: None,
        sign_in,
        bots: vec![],
    }
}

fn over(vault: HashiCorpVault, lockers: Lockers, http: StoreHttp) -> CredentialResolver {
    let policy = StorePolicy { vault: Some(vault), ..StorePolicy::default() };
    CredentialResolver::reaching(environment(), lockers, policy, Some(Arc::new(http)))
}

fn vault(sign_in: SignIn) -> CredentialResolver {
    over(key_value(sign_in), Lockers::default(), http())
}

fn reference(text: &str) -> CredentialReference {
    CredentialReference::parse(text).expect("it is a reference")
}

fn with_token(place: &str) -> SignIn {
    SignIn::Token(reference(place))
}

/// Sends a request as the administrator of the server, which must succeed
async fn administer(method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = responded(method, path, body).await;
    assert!(status.is_success(), "{path}: {status}");
    answer
}

/// Returns the response to a request of the administrator
async fn responded(method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let mut headers = http::HeaderMap::new();
    headers.insert("x-vault-token", setting(ROOT).parse().expect("it is a header's text"));
    let url = address().join(&format!("v1/{path}")).expect("it is a path");
    let request = StoreRequest { method, url, headers, body: Zeroizing::new(body.to_string().into_bytes()) };
    let answer = http().send(request).await.expect("the server responds");
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

async fn keep(path: &str, data: Value) {
    administer(Method::POST, &format!("secret/data/{path}"), json!({ "data": data })).await;
}

/// Creates an AppRole that can read one path, in the mount that the script enabled; returns its secret ID, which is also
/// in a file
async fn role(folder: &Path, name: &str, path: &str) -> (SignIn, String) {
    let policy = format!("path \"secret/data/{path}\" {{ capabilities = [\"read\"] }}");
    administer(Method::POST, &format!("sys/policies/acl/{name}"), json!({ "policy": policy })).await;
    let own = format!("auth/approle/role/{name}");
    administer(Method::POST, &own, json!({ "token_policies": name })).await;
    let text = |answer: &Value, key: &str| answer["data"][key].as_str().expect("it is there").to_owned();
    let role_id = text(&administer(Method::GET, &format!("{own}/role-id"), Value::Null).await, "role_id");
    let secret_id =
        text(&administer(Method::POST, &format!("{own}/secret-id"), json!({})).await, "secret_id");
    let file = folder.join("secret-id");
    std::fs::write(&file, format!("{secret_id}\n")).expect("the test's folder can be written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("the test owns the file");
    let secret = reference(&format!("file:{}", file.display()));
    (SignIn::AppRole { mount: "approle".to_owned(), role_id, secret_id: secret }, secret_id)
}

#[tokio::test]
async fn a_secret_is_read_with_a_token() {
    keep("azdo/plain", json!({ "pat": "abcdef", "number": 7 })).await;
    let vault = vault(with_token(&format!("env:{ROOT}")));
    assert_eq!(read(&vault, "vault:azdo/plain#pat").await.unwrap().expose(), "abcdef");
    let rows = [
        ("vault:azdo/plain#other", ErrorCode::CredentialNotFound, "has no key \"other\" at azdo/plain"),
        ("vault:azdo/plain#number", ErrorCode::CredentialInvalidFormat, "has no text in the key \"number\""),
        ("vault:azdo/nothing#pat", ErrorCode::CredentialNotFound, "has no secret at azdo/nothing"),
        ("vault:azdo/plain", ErrorCode::InputInvalid, "has the key after the path"),
        ("vault:azdo/../plain#pat", ErrorCode::InputInvalid, "has an empty part"),
        ("vault:/azdo/plain#pat", ErrorCode::InputInvalid, "has an empty part"),
        (
            "vault:azdo/plain?version=1#pat",
            ErrorCode::CredentialNotFound,
            "has no secret at azdo/plain?version=1",
        ),
        ("vault:azdo/plain%2e#pat", ErrorCode::CredentialNotFound, "has no secret at azdo/plain%2e"),
    ];
    for (place, code, words) in rows {
        let error = read(&vault, place).await.unwrap_err();
        assert_eq!(error.code(), code, "{place}: {error}");
        assert!(error.message().contains(words), "{place}: {error}");
    }
    administer(Method::DELETE, "secret/data/azdo/plain", Value::Null).await;
    let error = read(&vault, "vault:azdo/plain#pat").await.unwrap_err();
    assert!(error.message().contains("its latest version is deleted"), "{error}");
}

#[tokio::test]
async fn a_secret_of_version_1_is_read_if_the_setting_or_the_mount_says_so() {
    administer(Method::POST, "sys/mounts/first", json!({ "type": "kv", "options": { "version": "1" } }))
        .await;
    administer(Method::POST, "first/azdo/old", json!({ "pat": "abcdef", "number": 7 })).await;
    keep("azdo/new", json!({ "pat": "ghijkl" })).await;
    let (first, second) = (Some(KeyValueVersion::First), Some(KeyValueVersion::Second));
    let of = |mount: &str, version| {
        let sign_in = with_token(&format!("env:{ROOT}"));
        let own = HashiCorpVault { mount: mount.to_owned(), version, ..key_value(sign_in) };
        over(own, Lockers::default(), http())
    };
    for version in [first, None] {
        let vault = of("first", version);
        assert_eq!(read(&vault, "vault:azdo/old#pat").await.unwrap().expose(), "abcdef", "{version:?}");
        for (place, words) in [
            ("vault:azdo/old#other", "has no key \"other\" at azdo/old"),
            ("vault:azdo/old#number", "has no text in the key \"number\""),
            ("vault:azdo/nothing#pat", "has no secret at azdo/nothing in the mount \"first\""),
        ] {
            let error = read(&vault, place).await.unwrap_err();
            assert!(error.message().contains(words), "{version:?} {place}: {error}");
        }
    }
    for (mount, version, words) in [
        ("first", second, "of version 1 at \"first\", and `stores.vault.version` is 2"),
        ("secret", first, "of version 2 at \"secret\", and `stores.vault.version` is 1"),
    ] {
        let error = read(&of(mount, version), "vault:azdo/new#pat").await.unwrap_err();
        assert!(error.message().contains(words), "{error}");
        assert!(error.help_text().contains("Write `version = "), "{}", error.help_text());
    }
    assert_eq!(read(&of("secret", second), "vault:azdo/new#pat").await.unwrap().expose(), "ghijkl");
}

#[tokio::test]
async fn an_app_role_reads_only_the_path_in_its_policy_and_leaves_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let (sign_in, _) = role(folder.path(), "reader", "azdo/role").await;
    keep("azdo/role", json!({ "pat": "abcdef" })).await;
    keep("azdo/other", json!({ "pat": "abcdef" })).await;
    let vault = vault(sign_in);
    assert_eq!(read(&vault, "vault:azdo/role#pat").await.unwrap().expose(), "abcdef");
    let error = read(&vault, "vault:azdo/other#pat").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CredentialNotFound);
    assert!(error.message().contains("does not let its token read azdo/other"), "{error}");
    assert!(error.help_text().contains("`read` on secret/data/azdo/other"), "{}", error.help_text());
    assert_eq!(tokens_of("reader").await, 0);
}

/// Returns the number of tokens with this policy on the server
async fn tokens_of(policy: &str) -> usize {
    let list = Method::from_bytes(b"LIST").expect("it is a method");
    let all = administer(list, "auth/token/accessors", Value::Null).await;
    let mut found = 0;
    for accessor in all["data"]["keys"].as_array().expect("the root token has one") {
        let body = json!({ "accessor": accessor });
        let (_, token) = responded(Method::POST, "auth/token/lookup-accessor", body).await;
        found +=
            usize::from(token["data"]["policies"].as_array().is_some_and(|all| all.contains(&policy.into())));
    }
    found
}

#[tokio::test]
async fn the_error_of_a_refused_sign_in_names_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (sign_in, _) = role(folder.path(), "refused", "azdo/refused").await;
    let SignIn::AppRole { mount, secret_id, .. } = sign_in else { panic!("it is an AppRole") };
    let unknown = SignIn::AppRole { mount, role_id: "no-such-role".to_owned(), secret_id };
    let error = read(&vault(unknown), "vault:azdo/refused#pat").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CredentialNotFound);
    assert!(error.help_text().contains("`stores.vault.approle`"), "{}", error.help_text());

    let error = read(&vault(with_token("env:PATH")), "vault:azdo/refused#pat").await.unwrap_err();
    assert!(error.help_text().contains("an expired token causes the same error"), "{}", error.help_text());
    let error = read(&vault(with_token("env:AZDO_NO_SUCH_VARIABLE")), "vault:a#b").await.unwrap_err();
    assert!(error.message().contains("AZDO_NO_SUCH_VARIABLE is not set"), "{error}");
}

#[tokio::test]
async fn a_server_with_an_untrusted_certificate_gets_no_request() {
    let untrusting = StoreHttp::new(NetworkOptions::default());
    let vault = over(key_value(with_token(&format!("env:{ROOT}"))), Lockers::default(), untrusting);
    let error = read(&vault, "vault:azdo/plain#pat").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NetworkTls, "{error}");
    assert!(error.help_text().contains("--ca"), "{}", error.help_text());
}

#[tokio::test]
async fn a_bot_can_use_only_listed_secrets_within_the_binding_of_their_locker() {
    keep("azdo/bots/ci", json!({ "pat": "abcdef", "other": "abcdef" })).await;
    keep("azdo/team", json!({ "pat": "abcdef", "admin": "abcdef" })).await;
    let bots = ["azdo/bots/", "azdo/team#pat"].map(str::to_owned).to_vec();
    let own = HashiCorpVault { bots, ..key_value(with_token(&format!("env:{ROOT}"))) };
    let locker = Locker {
        reference: reference("vault:azdo/team#pat"),
        organization: Some(OrganizationUrl::parse(CONTOSO).expect("it is a URL")),
        expires: None,
        scopes: Vec::new(),
    };
    let vault = over(own, Lockers::new([("l/n/a".to_owned(), locker)].into_iter().collect()), http());
    let mismatch = Err(ErrorCode::CredentialOrganizationMismatch);
    let refused = Err(ErrorCode::InputInvalid);
    let rows = [
        ("vault:azdo/bots/ci#pat", FABRIKAM, Ok(())),
        ("vault:azdo/bots/ci#other", FABRIKAM, Ok(())),
        ("vault:azdo/team#pat", CONTOSO, Ok(())),
        ("vault:azdo/team#pat", FABRIKAM, mismatch),
        ("vault:azdo/team#admin", CONTOSO, refused),
        ("vault:azdo/bots#pat", CONTOSO, refused),
        ("vault:azdo/bots/../team#admin", CONTOSO, refused),
        ("vault:azdo/bots//ci#pat", CONTOSO, refused),
    ];
    for (place, organization, expected) in rows {
        let organization = OrganizationUrl::parse(organization).expect("it is a URL");
        let project = ProjectName::parse("Website").expect("it is a name");
        let target = ConnectTarget::new(&organization, &project, Scheme::Basic);
        let answer = vault.token(&Credential::Reference(reference(place)), target).await;
        assert_eq!(answer.map(drop).map_err(|error| error.code()), expected, "{place} {organization}");
    }
}

#[tokio::test]
async fn a_vault_that_does_not_respond_times_out() {
    let hanging = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback is free");
    let address =
        Url::parse(&format!("http://{}", hanging.local_addr().expect("it is bound"))).expect("it is a URL");
    let own = HashiCorpVault { address, ..key_value(with_token("env:PATH")) };
    let plain = NetworkOptions { allow_loopback_http: true, ..NetworkOptions::default() };
    let error = read(&over(own, Lockers::default(), StoreHttp::new(plain)), "vault:a#b").await.unwrap_err();
    assert_eq!((error.code(), error.retry_advice()), (ErrorCode::CredentialTimeout, Retry::Later));
}

#[tokio::test]
async fn a_rotation_in_the_vault_takes_effect() {
    let vault = vault(with_token(&format!("env:{ROOT}")));
    let keep = async |token: &str| keep("azdo/rotated", json!({ "pat": token })).await;
    follows_a_rotation(vault, "vault:azdo/rotated#pat", keep).await;
}

#[tokio::test]
async fn no_output_contains_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let (sign_in, secret_id) = role(folder.path(), "canary", "azdo/canary").await;
    let SignIn::AppRole { role_id, secret_id: place, .. } = sign_in else { panic!("it is an AppRole") };
    let start = format!(
        "[network]\ncertificate_authorities = [{:?}]\n[stores.vault]\naddress = \"{}\"\n",
        setting("AZDO_TEST_BAO_CA"),
        address()
    );
    let operators = [
        format!("{start}token = \"env:{ROOT}\"\n"),
        format!("{start}approle = {{ role_id = \"{role_id}\", secret_id = \"{place}\" }}\n"),
    ];
    for operator in operators {
        let keep = async |token: &str| keep("azdo/canary", json!({ "pat": token })).await;
        let secrets = [setting(ROOT), secret_id.clone()];
        writes_no_secret(folder.path(), &operator, "vault:azdo/canary#pat", &secrets, keep).await;
    }
}
