//! The table `sessions` of the operator's file: the store through which processes share their run trees.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::contract::Secret;
use crate::contract::did_you_mean;
use crate::contract::is_token_for_place;
use crate::contract::nearest;
use crate::credentials::SettingError;
use crate::setup::config::url_reference;
use crate::setup::environment::Lookup;

/// The value of `store` that means the broker of this machine
const BROKER: &str = "broker";

/// The table `sessions` as written
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SessionStoreSettings {
    /// `broker`, the URL of the store without user and password, or a reference to a URL that has them
    store: Option<String>,
    /// Whether the processes of this machine reach the store through a broker, which has its one connection
    through_broker: bool,
    /// Whether a process that needs the broker starts one
    start_broker: bool,
    /// The folder of the broker's socket
    broker_folder: Option<PathBuf>,
    /// A reference to the key that seals tokens without a reference; without it such tokens are not shared
    sealing_key: Option<String>,
    /// A reference to the key before it, which opens only
    previous_sealing_key: Option<String>,
}

/// Where the sessions of run trees are recorded, if other processes can join them
#[derive(Debug, Clone, Default)]
pub(crate) struct SessionStoreSetting(SessionStoreSettings);

/// The shortest key that seals tokens, in characters: 128 bits in hexadecimal digits
const SHORTEST_KEY: usize = 32;

/// A store
pub(crate) enum StorePlace {
    /// The broker of this machine, which a process may start if `start`; `store` is what it serves, as it is written
    Broker { store: String, start: bool },
    /// A server, with its password
    Url(Secret),
}

impl SessionStoreSettings {
    /// Checks the settings; a reference is not resolved
    pub(super) fn check(self) -> Result<SessionStoreSetting, SettingError> {
        let fault = |key: &str, reason: &str| Err((format!("sessions.{key}"), reason.to_owned()));
        let is_broker = self.store.as_deref() == Some(BROKER);
        if self.through_broker && (is_broker || self.store.is_none()) {
            return fault("through_broker", "needs a `store` that is a URL, or a reference to one");
        }
        if self.start_broker && !is_broker && !self.through_broker {
            return fault("start_broker", r#"needs store = "broker", or through_broker = true"#);
        }
        if self.start_broker && self.store.as_deref().is_some_and(|written| !is_found_everywhere(written)) {
            return fault(
                "start_broker",
                "starts a broker that has no variables and another folder: keep the URL of the store in a file, and write file: with its absolute path",
            );
        }
        // A relative path would depend on the folder in which the process was started.
        if self.broker_folder.as_ref().is_some_and(|path| !path.is_absolute()) {
            return fault("broker_folder", "must be an absolute path");
        }
        if let Some(reason) = self.store.as_deref().filter(|_| !is_broker).and_then(why_invalid) {
            return fault("store", &reason);
        }
        for (key, written) in
            [("sealing_key", &self.sealing_key), ("previous_sealing_key", &self.previous_sealing_key)]
        {
            let Some(written) = written else { continue };
            match url_reference::reference(written) {
                Some((_, place)) if !is_token_for_place(place) => {}
                _ => return fault(key, "is not a reference to the key: write file:PATH or env:NAME"),
            }
            if self.store.is_none() {
                return fault(key, "needs a `store`");
            }
        }
        if self.previous_sealing_key.is_some() && self.sealing_key.is_none() {
            return fault("previous_sealing_key", "needs a `sealing_key`, which seals what is new");
        }
        Ok(SessionStoreSetting(self))
    }
}

impl SessionStoreSetting {
    /// Returns where the store is, if there is one
    ///
    /// The error is the reason, which quotes nothing of a URL.
    pub(crate) fn place(&self, lookup: &Lookup) -> Result<Option<StorePlace>, String> {
        let Some(written) = &self.0.store else { return Ok(None) };
        if written == BROKER || self.0.through_broker {
            return Ok(Some(StorePlace::Broker { store: written.clone(), start: self.0.start_broker }));
        }
        url_of(written, lookup).map(StorePlace::Url).map(Some)
    }

    /// Returns what the broker of this machine has a connection to, as it is written and with its password; nothing if the
    /// broker holds the sessions itself
    ///
    /// The error is the reason, which quotes nothing of a URL.
    #[cfg(feature = "cli")]
    pub(crate) fn behind_broker(&self, lookup: &Lookup) -> Result<Option<(&str, Secret)>, String> {
        match &self.0.store {
            Some(written) if self.0.through_broker => Ok(Some((written, url_of(written, lookup)?))),
            _ => Ok(None),
        }
    }

    /// Returns the setting with which processes use the broker
    #[cfg(feature = "cli")]
    pub(crate) fn broker_setting(&self) -> &'static str {
        if self.0.through_broker { "through_broker = true" } else { "store = \"broker\"" }
    }

    /// Returns the folder of the broker, if the operator names one
    pub(crate) fn broker_folder(&self) -> Option<&Path> {
        self.0.broker_folder.as_deref()
    }

    /// Returns the key that seals tokens without a reference, and the one before it, if the operator allows to share them
    ///
    /// The error is the reason, which quotes nothing of a key.
    pub(crate) fn sealing_keys(&self, lookup: &Lookup) -> Result<Option<(Secret, Option<Secret>)>, String> {
        let key = |written: &String| {
            let text = url_reference::text_of(written, lookup)?;
            match text.chars().count() >= SHORTEST_KEY {
                true => Ok(Secret::new(text)),
                false => Err(format!("it has fewer than {SHORTEST_KEY} characters")),
            }
        };
        let Some(current) = &self.0.sealing_key else { return Ok(None) };
        Ok(Some((key(current)?, self.0.previous_sealing_key.as_ref().map(key).transpose()?)))
    }
}

/// What the URL of a store may be
const FORMS: &str = "a URL such as rediss://HOST:PORT, redis://HOST:PORT or redis+unix:///PATH";

/// Returns why the setting is invalid, as a text that follows its name
fn why_invalid(written: &str) -> Option<String> {
    let hint = did_you_mean(nearest(written, [BROKER]));
    if cfg!(not(feature = "store-redis")) {
        return Some(format!(
            r#"must be "broker", or needs a program that is built with the feature `store-redis`{hint}"#
        ));
    }
    if let Some((_, place)) = url_reference::reference(written) {
        return is_token_for_place(place).then(|| {
            "contains a secret instead of a reference: write env:NAME without $, or file:PATH".to_owned()
        });
    }
    if written.split_once("://").is_some_and(|(_, rest)| rest.contains('@')) {
        let reason = "contains a user or a password: keep the URL in a file or variable and write file:PATH or env:NAME";
        return Some(reason.to_owned());
    }
    (!is_address(written)).then(|| format!("is neither \"broker\" nor {FORMS}, nor a reference to one{hint}"))
}

/// Returns the URL that is written, or that the reference leads to
fn url_of(written: &str, lookup: &Lookup) -> Result<Secret, String> {
    let url = url_reference::text_of(written, lookup)?;
    match is_address(&url) {
        true => Ok(Secret::new(url)),
        false => Err(format!("it is not {FORMS}")),
    }
}

/// Returns whether a process with another environment and folder reads the same
fn is_found_everywhere(written: &str) -> bool {
    match url_reference::reference(written) {
        Some(("env", _)) => false,
        Some((_, path)) => Path::new(path).is_absolute(),
        None => true,
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| match url.scheme() {
        "redis" | "rediss" => url.has_host(),
        "redis+unix" => url.path().len() > 1,
        _ => false,
    })
}

#[cfg(test)]
mod broker_tests {
    use super::*;

    #[test]
    fn a_broker_needs_no_feature_and_is_started_only_if_the_operator_says_so() {
        for (text, starts) in [("", false), ("start_broker = true", true), ("start_broker = false", false)] {
            let written = format!("store = \"broker\"\n{text}");
            let setting: SessionStoreSettings = toml::from_str(&written).expect("it is a table");
            let lookup: Lookup = std::sync::Arc::new(|_| None);
            let place = setting.check().expect("it is valid").place(&lookup);
            assert!(
                matches!(place, Ok(Some(StorePlace::Broker { start, .. })) if start == starts),
                "{written}"
            );
        }
        for (written, expected) in [
            (
                "start_broker = true",
                r#"sessions.start_broker needs store = "broker", or through_broker = true"#,
            ),
            (
                "through_broker = true\nstore = \"broker\"",
                "sessions.through_broker needs a `store` that is a URL, or a reference to one",
            ),
            (
                "through_broker = true",
                "sessions.through_broker needs a `store` that is a URL, or a reference to one",
            ),
            ("broker_folder = \"run\"", "sessions.broker_folder must be an absolute path"),
        ] {
            let setting: SessionStoreSettings = toml::from_str(written).expect("it is a table");
            let (key, reason) = setting.check().expect_err(written);
            assert_eq!(format!("{key} {reason}"), expected);
        }
    }

    #[test]
    fn a_misspelt_broker_is_recognised_in_every_build() {
        for written in ["brokr", "Broker", "borker"] {
            let setting = SessionStoreSettings { store: Some(written.to_owned()), ..Default::default() };
            let (key, reason) = setting.check().expect_err(written);
            assert_eq!(key, "sessions.store");
            assert!(reason.ends_with("; did you mean \"broker\"?"), "{reason}");
        }
    }
}

#[cfg(all(test, feature = "store-redis"))]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check(store: &str) -> Result<SessionStoreSetting, SettingError> {
        SessionStoreSettings { store: Some(store.to_owned()), ..SessionStoreSettings::default() }.check()
    }

    fn url(setting: &SessionStoreSetting, lookup: &Lookup) -> Result<Secret, String> {
        match setting.place(lookup)? {
            Some(StorePlace::Url(url)) => Ok(url),
            _ => panic!("it is a URL"),
        }
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
            let url = url(&check(written).expect(written), &lookup).expect(written);
            assert_eq!(url.expose(), expected);
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
                url(&check("env:STORE").expect("it is a reference"), &lookup).map(drop).expect_err("no URL");
            assert!(!reason.contains("hidden"), "{reason}");
        }
    }

    #[test]
    fn a_broker_before_a_server_reads_the_password_and_has_no_variable_if_a_process_starts_it() {
        let address = "rediss://bots:hidden@redis.example:6380";
        let lookup: Lookup = Arc::new(move |name| (name == "STORE").then(|| address.into()));
        let check = |text: &str| {
            toml::from_str::<SessionStoreSettings>(text).expect(text).check().map_err(|(key, _)| key)
        };
        let through = check("store = 'env:STORE'\nthrough_broker = true").expect("it is valid");
        let nothing: Lookup = Arc::new(|_| None);
        let place = through.place(&nothing);
        assert!(
            matches!(&place, Ok(Some(StorePlace::Broker { store, start: false })) if store == "env:STORE"),
            "a process needs no password"
        );
        #[cfg(feature = "cli")]
        {
            let behind = through.behind_broker(&lookup).expect("the variable is set");
            assert!(matches!(behind, Some(("env:STORE", url)) if url.expose() == address));
            let direct = check("store = 'env:STORE'").expect("it is valid");
            assert!(matches!(direct.behind_broker(&lookup), Ok(None)), "the broker is not asked for it");
        }
        let started = |store| {
            check(&format!("store = '{store}'\nthrough_broker = true\nstart_broker = true")).map(drop)
        };
        for store in ["env:STORE", "file:redis-url"] {
            assert_eq!(started(store).err().as_deref(), Some("sessions.start_broker"), "{store}");
        }
        for store in ["redis://redis.example", "file:/etc/azdo-bot/redis-url"] {
            started(store).expect(store);
        }
    }

    #[test]
    fn a_sealing_key_is_a_reference_to_a_long_text_and_needs_a_store() {
        let check = |text: &str| {
            toml::from_str::<SessionStoreSettings>(text).expect(text).check().map_err(|(key, _)| key)
        };
        let lookup: Lookup = Arc::new(|name| match name {
            "NEW" => Some("n".repeat(32).into()),
            "OLD" => Some("o".repeat(32).into()),
            _ => Some("short".into()),
        });
        let keys = |text: &str| {
            let keys = check(text).expect(text).sealing_keys(&lookup)?;
            let shown = |key: Secret| key.expose()[..1].to_owned();
            Ok::<_, String>(keys.map(|(key, previous)| (shown(key), previous.map(shown))))
        };
        let store = "store = 'redis://redis.example'\n";
        assert_eq!(keys(store), Ok(None), "without a key no token is shared");
        let rotated = format!("{store}sealing_key = 'env:NEW'\nprevious_sealing_key = 'env:OLD'");
        assert_eq!(keys(&rotated), Ok(Some(("n".to_owned(), Some("o".to_owned())))));
        let reason = keys(&format!("{store}sealing_key = 'env:SHORT'")).expect_err("it is too short");
        assert!(reason.contains("32 characters") && !reason.contains("short"), "{reason}");
        for (text, key) in [
            ("sealing_key = 'env:NEW'".to_owned(), "sessions.sealing_key"),
            (format!("{store}sealing_key = 'hidden'"), "sessions.sealing_key"),
            (format!("{store}previous_sealing_key = 'env:OLD'"), "sessions.previous_sealing_key"),
        ] {
            assert_eq!(check(&text).err().as_deref(), Some(key), "{text}");
        }
    }
}
