//! `exec:` with the `credential-store` of git, through git's protocol.

use std::path::Path;
use std::path::PathBuf;

use azdo_bot::contract::ErrorCode;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Helper;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::Protocol;
use azdo_bot::credentials::StorePolicy;
use url::Url;

use crate::support::environment;
use crate::support::follows_a_rotation;
use crate::support::read;
use crate::support::writes_no_secret;

const GIT: &str = "/usr/bin/env";

/// The arguments after `env`, which finds the program on this machine
fn arguments(store: &Path) -> Vec<String> {
    let store = store.to_str().expect("the test's paths are UTF-8");
    ["git", "credential-store", "--file", store, "get"].map(str::to_owned).to_vec()
}

fn vault(store: &Path) -> CredentialResolver {
    let helper = Helper {
        program: PathBuf::from(GIT),
        arguments: arguments(store),
        protocol: Protocol::Git { url: Url::parse("https://dev.azure.com").expect("it is a URL") },
        environment: Vec::new(),
        bots: Vec::new(),
    };
    let helpers = [("git".to_owned(), helper)].into_iter().collect();
    CredentialResolver::new(
        environment(),
        Lockers::default(),
        StorePolicy { helpers, ..StorePolicy::default() },
    )
}

/// Stores a token like `git credential-store store`
fn keep(store: &Path, user: &str, token: &str) {
    std::fs::write(store, format!("https://{user}:{token}@dev.azure.com\n")).expect("it can be written");
}

#[tokio::test]
async fn the_git_store_returns_the_credential_of_the_requested_user() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("credentials");
    keep(&store, "bot", "abcdef");
    let vault = vault(&store);
    for reference in ["exec:git", "exec:git#bot"] {
        assert_eq!(read(&vault, reference).await.unwrap().expose(), "abcdef", "{reference}");
    }
    let error = read(&vault, "exec:git#other").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CredentialNotFound);
    assert!(error.message().contains("has no such credential"), "{error}");
}

#[tokio::test]
async fn a_rotation_in_the_git_store_takes_effect() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("credentials");
    follows_a_rotation(vault(&store), "exec:git#bot", async |token| keep(&store, "bot", token)).await;
}

#[tokio::test]
async fn no_output_contains_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("credentials");
    let operator = format!(
        "[stores.exec.git]\nprogram = \"{GIT}\"\narguments = {:?}\nprotocol = \"git\"\n\
         url = \"https://dev.azure.com\"\n",
        arguments(&store)
    );
    writes_no_secret(folder.path(), &operator, "exec:git", &[], async |token| keep(&store, "bot", token))
        .await;
}
