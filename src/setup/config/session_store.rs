//! The table `sessions` of the operator's file: the store through which processes share their run trees.

use serde::Deserialize;
use url::Url;

use crate::contract::Secret;
use crate::contract::is_token_for_place;
use crate::credentials::SettingError;
use crate::setup::config::url_reference;
use crate::setup::environment::Lookup;

/// The table `sessions` as written
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SessionStoreSettings {
    /// The URL of the store without user and password, or a reference to a URL that has them
    store: Option<String>,
}

/// Where the sessions of run trees are recorded, if other processes can join them
#[derive(Debug, Clone, Default)]
pub(crate) struct SessionStoreSetting(Option<String>);

impl SessionStoreSettings {
    /// Checks the setting; a reference is not resolved
    pub(super) fn check(self) -> Result<SessionStoreSetting, SettingError> {
        match self.store.as_deref().and_then(why_invalid) {
            Some(reason) => Err(("sessions.store".to_owned(), reason.to_owned())),
            None => Ok(SessionStoreSetting(self.store)),
        }
    }
}

impl SessionStoreSetting {
    /// Returns the URL of the store, if there is one
    ///
    /// The error is the reason, which quotes nothing of the URL.
    pub(crate) fn url(&self, lookup: &Lookup) -> Result<Option<Secret>, String> {
        let Some(written) = &self.0 else { return Ok(None) };
        let url = url_reference::text_of(written, lookup)?;
        match is_address(&url) {
            true => Ok(Some(Secret::new(url))),
            false => Err(format!("it is not {FORMS}")),
        }
    }
}

/// What the URL of a store may be
const FORMS: &str = "a URL such as rediss://HOST:PORT, redis://HOST:PORT or redis+unix:///PATH";

/// Returns why the setting is invalid, as a text that follows its name
fn why_invalid(written: &str) -> Option<&'static str> {
    if cfg!(not(feature = "store-redis")) {
        return Some("needs a program that is built with the feature `store-redis`");
    }
    if let Some((_, place)) = url_reference::reference(written) {
        return is_token_for_place(place)
            .then_some("contains a secret instead of a reference: write env:NAME without $, or file:PATH");
    }
    if written.split_once("://").is_some_and(|(_, rest)| rest.contains('@')) {
        return Some(
            "contains a user or a password: keep the URL in a file or variable and write file:PATH or env:NAME",
        );
    }
    (!is_address(written)).then_some(
        "is not a URL such as rediss://HOST:PORT, redis://HOST:PORT or redis+unix:///PATH, or a reference to one",
    )
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| match url.scheme() {
        "redis" | "rediss" => url.has_host(),
        "redis+unix" => url.path().len() > 1,
        _ => false,
    })
}

#[cfg(all(test, feature = "store-redis"))]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check(store: &str) -> Result<SessionStoreSetting, SettingError> {
        SessionStoreSettings { store: Some(store.to_owned()) }.check()
    }

    #[test]
    fn a_password_is_referred_to_and_never_written() {
        let address = "rediss://bots:hidden@redis.example:6380/2";
        let lookup: Lookup = Arc::new(move |name| (name == "STORE").then(|| address.into()));
        for (written, expected) in [
            ("redis://redis.example", "redis://redis.example"),
            ("redis+unix:///run/redis/redis.sock", "redis+unix:///run/redis/redis.sock"),
            ("env:STORE", address),
        ] {
            let url = check(written).expect(written).url(&lookup).expect(written);
            assert_eq!(url.map(|url| url.expose().to_owned()).as_deref(), Some(expected));
        }
        for written in
            ["redis://bots:hidden@redis.example", "http://redis.example", "redis:", "redis+unix:", ""]
        {
            let (key, reason) = check(written).err().unwrap_or_else(|| panic!("{written} is taken"));
            assert!(key == "sessions.store" && !reason.contains("hidden"), "{reason}");
        }
        let other: Lookup = Arc::new(|_| Some("hidden".into()));
        for lookup in [Arc::new(|_: &str| None) as Lookup, other] {
            let reason =
                check("env:STORE").expect("it is a reference").url(&lookup).map(drop).expect_err("no URL");
            assert!(!reason.contains("hidden"), "{reason}");
        }
    }
}
