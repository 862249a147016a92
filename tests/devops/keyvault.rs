//! Azure Key Vault, against a test vault behind TLS under its real name.

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TokenSource as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::SignIn;

use crate::cloud::Cloud;
use crate::cloud::TEAM;
use crate::cloud::by_variable;
use crate::cloud::challenge;
use crate::cloud::challenge_of;
use crate::cloud::reference;
use crate::fixture::checked;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::token;
use crate::server::json;
use crate::server::reply;

fn vault(cloud: &Cloud) -> CredentialResolver {
    cloud.vault(SignIn::Token(by_variable()), cloud.options())
}

async fn read(cloud: &Cloud, place: &str) -> Result<Secret, Error> {
    vault(cloud).read_reference(&reference(place)).await.map_err(checked)
}

#[tokio::test]
async fn a_secret_is_read_with_a_token_for_the_domain_of_the_vault() {
    let cloud = Cloud::start(|_| None).await;
    assert_eq!(read(&cloud, "keyvault:team/pat").await.unwrap().expose(), token());
    assert_eq!(read(&cloud, "keyvault:team/pat/0a1b").await.unwrap().expose(), token());
    let seen = cloud.server.seen();
    let targets: Vec<&str> = seen.iter().map(|seen| seen.target.as_str()).collect();
    let latest = "/secrets/pat?api-version=7.4";
    assert_eq!(targets[..3], [latest, "/contoso/oauth2/v2.0/token", latest]);
    assert_eq!(targets[5], "/secrets/pat/0a1b?api-version=7.4");
    assert_eq!(seen[0].header("authorization"), None);
    let form = String::from_utf8_lossy(&seen[1].body).into_owned();
    assert!(form.contains("scope=https%3A%2F%2Fvault.azure.net%2F.default"), "{form}");
}

#[tokio::test]
async fn a_vault_that_requests_a_token_for_another_domain_gets_none() {
    for resource in [
        "https://example.net",
        "https://net",
        "https://azure.net",
        "http://vault.azure.net",
        "https://team.vault.azure.net",
        "https://xvault.azure.net",
        "https://graph.microsoft.com",
    ] {
        let cloud =
            Cloud::start(move |seen| seen.path().starts_with("/secrets/").then(|| challenge(resource))).await;
        let error = read(&cloud, "keyvault:team/pat").await.unwrap_err();
        assert!(error.message().contains("is not its own domain"), "{resource}: {error}");
        assert_eq!(cloud.server.seen().len(), 1, "{resource}: no sign-in, and no token was sent");
    }
}

#[tokio::test]
async fn a_rejection_by_the_vault_has_a_plain_message() {
    let refused = |status: &str, code: &str, inner: &str| {
        let mut error = serde_json::json!({ "code": code, "message": token() });
        if !inner.is_empty() {
            error["innererror"] = serde_json::json!({ "code": inner });
        }
        (status.to_owned(), serde_json::json!({ "error": error }).to_string())
    };
    let not_found = ErrorCode::CredentialNotFound;
    let rows = [
        (refused("404 Not Found", "SecretNotFound", ""), not_found, "has no secret \"pat\""),
        (refused("403 Forbidden", "Forbidden", "SecretDisabled"), not_found, "is disabled"),
        (refused("403 Forbidden", "Forbidden", "SecretNotYetValid"), not_found, "\"pat\" of the Key Vault"),
        (refused("403 Forbidden", "Forbidden", "SecretNotYetValid"), not_found, "is not valid yet"),
        (refused("403 Forbidden", "Forbidden", "SecretExpired"), not_found, "has expired"),
        (
            refused("403 Forbidden", "Forbidden", "ForbiddenByRbac"),
            not_found,
            "does not let the application \"bot\"",
        ),
        (refused("403 Forbidden", "Forbidden", "ForbiddenByFirewall"), not_found, "blocks this machine"),
        (refused("401 Unauthorized", "Unauthorized", ""), not_found, "does not let the application"),
        (("200 OK".to_owned(), "{}".to_owned()), not_found, "does not respond like a Key Vault (200)"),
        (
            ("403 Forbidden".to_owned(), "<html>".to_owned()),
            not_found,
            "does not respond like a Key Vault (403)",
        ),
        (("503 Busy".to_owned(), String::new()), ErrorCode::CredentialTimeout, "cannot respond now (503)"),
    ];
    for ((status, body), code, words) in rows {
        let cloud = Cloud::start(move |seen| {
            let signed_in = seen.path().starts_with("/secrets/") && seen.header("authorization").is_some();
            signed_in.then(|| json(&status, &body))
        })
        .await;
        let error = read(&cloud, "keyvault:team/pat").await.unwrap_err();
        assert_eq!(error.code(), code, "{words}: {error}");
        assert!(error.message().contains(words) && error.message().contains(TEAM), "{words}: {error}");
    }
    let cloud =
        Cloud::start(|seen| seen.path().starts_with("/secrets/").then(|| reply("200 OK", "", "{}"))).await;
    let error = read(&cloud, "keyvault:team/pat").await.unwrap_err();
    assert!(error.message().contains("does not respond like a Key Vault (200)"), "{error}");
}

#[tokio::test]
async fn a_name_that_no_secret_can_have_is_refused_with_the_character() {
    let cloud = Cloud::start(|_| None).await;
    for (place, message, help) in [
        (
            "keyvault:team/azdo_pat",
            "the name \"azdo_pat\": it contains \"_\"",
            "may have the name \"azdo-pat\"",
        ),
        ("keyvault:team/azdo.pat", "it contains \".\"", "only letters, digits and \"-\""),
    ] {
        let error = read(&cloud, place).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{place}");
        assert!(error.message().contains(message) && error.help_text().contains(help), "{error:?}");
    }
    assert!(cloud.server.seen().is_empty());
}

#[tokio::test]
async fn a_vault_of_another_tenant_names_both_tenants() {
    let (own, other) = (uuid::Uuid::new_v4().to_string(), uuid::Uuid::new_v4().to_string());
    let vault_tenant = own.clone();
    let cloud = Cloud::start_in(&other, move |seen| {
        seen.path().starts_with("/secrets/").then(|| challenge_of(&vault_tenant, "https://vault.azure.net"))
    })
    .await;
    let error = read(&cloud, "keyvault:team/pat").await.unwrap_err();
    assert!(error.message().contains(&format!("is in the tenant {own}")), "{error}");
    assert!(error.message().contains(&format!("signs in to the tenant {other}")), "{error}");
    assert!(error.help_text().contains("`stores.entra.bot.tenant`"), "{}", error.help_text());
}

#[tokio::test]
async fn a_reference_is_a_vault_and_a_name_and_bots_may_name_listed_vaults() {
    let cloud = Cloud::start(|_| None).await;
    for place in [
        "keyvault:team",
        "keyvault:team/",
        "keyvault:team/a.b",
        "keyvault:team/../keys/x",
        "keyvault:team/a/b/c",
        "keyvault:team/pat?x",
        "keyvault:team/pat#x",
    ] {
        assert_eq!(read(&cloud, place).await.unwrap_err().code(), ErrorCode::InputInvalid, "{place}");
    }
    let error = read(&cloud, "keyvault:other/pat").await.unwrap_err();
    assert!(error.help_text().contains("[stores.keyvault.other]"), "{}", error.help_text());
    assert!(cloud.server.seen().is_empty());

    let (organization, project) = (organization("https://dev.azure.com/contoso"), project("Website"));
    let target = ConnectTarget::new(&organization, &project, Scheme::Basic);
    for (place, listed) in
        [("team/pat", true), ("team/pat/0a1b", false), ("team/other", false), ("other/pat", false)]
    {
        let credential = Credential::Reference(reference(&format!("keyvault:{place}")));
        let answer = vault(&cloud).token(&credential, target).await;
        let expected = if listed { None } else { Some(ErrorCode::InputInvalid) };
        assert_eq!(answer.err().map(|error| error.code()), expected, "{place}");
    }
}
