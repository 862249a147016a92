//! Tokens, created at run time in the formats of the service's newer tokens and of Microsoft Entra, and looked up by their text.

use std::collections::HashMap;
use std::time::Duration;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::scopes::Grant;

/// The options of a token. By default it has full access, belongs to the first user and never expires.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenOptions {
    pub(crate) name: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) user: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub(crate) expires: Option<SystemTime>,
    pub(crate) revoked: bool,
    pub(crate) entra: bool,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let moment = OffsetDateTime::parse(&text, &Rfc3339)
        .map_err(|_| serde::de::Error::custom("`expires` is a text like \"2027-03-01T00:00:00Z\""))?;
    Ok(Some(moment.into()))
}

impl TokenOptions {
    /// A token with full access.
    pub fn full() -> Self {
        TokenOptions::default()
    }

    /// A token with these scopes only, such as `vso.code_write`.
    pub fn with_scopes<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        TokenOptions { scopes: Some(scopes.into_iter().map(Into::into).collect()), ..TokenOptions::default() }
    }

    /// Sets the name, which the journal shows and by which the text can be looked up.
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Sets the user of the organization that the token belongs to.
    pub fn for_user(mut self, name: &str) -> Self {
        self.user = Some(name.to_owned());
        self
    }

    /// Sets the time at which the token expires.
    pub fn expiring(mut self, at: SystemTime) -> Self {
        self.expires = Some(at);
        self
    }

    /// A token that expired an hour ago.
    pub fn expired(self) -> Self {
        self.expiring(SystemTime::now() - Duration::from_secs(3600))
    }

    /// A Microsoft Entra access token, which is accepted only in a Bearer header.
    pub fn of_entra(mut self) -> Self {
        self.entra = true;
        self
    }

    /// A revoked token.
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }
}

/// A token without its text, which is the key of the map.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) name: String,
    /// Position of the organization. Organizations are never removed.
    pub(crate) organization: usize,
    /// Position of the user in the organization.
    pub(crate) user: usize,
    pub(crate) grant: Grant,
    pub(crate) expires: Option<SystemTime>,
    pub(crate) revoked: bool,
    /// Whether it is a Microsoft Entra token, which needs a Bearer header.
    pub(crate) entra: bool,
}

impl Token {
    /// Returns whether the token is neither revoked nor expired.
    pub(crate) fn is_good(&self) -> bool {
        !self.revoked && !self.is_expired()
    }

    /// Returns whether the token has expired.
    pub(crate) fn is_expired(&self) -> bool {
        self.expires.is_some_and(|end| SystemTime::now() >= end)
    }
}

/// The tokens of all organizations.
#[derive(Default)]
pub(crate) struct Tokens {
    by_text: HashMap<String, Token>,
}

impl Tokens {
    pub(crate) fn mint(&mut self, organization: usize, user: usize, options: TokenOptions) -> String {
        let name = options.name.unwrap_or_else(|| format!("token-{}", self.by_text.len() + 1));
        let grant = options.scopes.map_or(Grant::Full, Grant::of);
        let TokenOptions { expires, revoked, entra, .. } = options;
        self.add(Token { name, organization, user, grant, expires, revoked, entra })
    }

    /// Stores a token under a new random text, and returns the text.
    pub(crate) fn add(&mut self, token: Token) -> String {
        let text = if token.entra { access_token_text() } else { random_text() };
        self.by_text.insert(text.clone(), token);
        text
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Token> {
        self.by_text.values()
    }

    pub(crate) fn find(&self, text: &str) -> Option<&Token> {
        self.by_text.get(text)
    }

    pub(crate) fn named(&self, organization: usize, name: &str) -> Option<&str> {
        let mut all = self.by_text.iter();
        all.find(|(_, token)| token.organization == organization && token.name == name)
            .map(|(text, _)| text.as_str())
    }

    /// Revokes a token. Returns `false` if there is none with this text.
    pub(crate) fn revoke(&mut self, text: &str) -> bool {
        self.by_text.get_mut(text).map(|token| token.revoked = true).is_some()
    }
}

/// 84 characters in the format of the service's newer tokens. The last four are intentionally not a valid checksum, so
/// that scanners do not report a simulator's token as a leak.
fn random_text() -> String {
    let year_and_month = "AA";
    let random = random_characters(52 + 12 + 4);
    let (body, rest) = random.split_at(52);
    let (platform, end) = rest.split_at(12);
    [body, "JQQJ", "99", year_and_month, platform, "AAAA", "AZ", "DO", end].concat()
}

/// A JSON Web Token, as Microsoft Entra issues them; its signature is random.
fn access_token_text() -> String {
    let tenant = uuid::Uuid::new_v4();
    let claims = format!(
        r#"{{"iss":"https://sts.windows.net/{tenant}/","aud":"499b84ac-1321-427f-aa17-267ca6975798"}}"#
    );
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    [part(r#"{"typ":"JWT","alg":"RS256"}"#), part(&claims), random_characters(86)].join(".")
}

fn random_characters(count: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).expect("the system's random generator works: uuid rests on it as well");
    // The remainder favours some characters slightly, which does not matter here.
    bytes.into_iter().map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::TokenOptions;
    use super::Tokens;

    #[test]
    fn a_token_has_the_layout_of_the_newer_ones() {
        let mut tokens = Tokens::default();
        let one = tokens.mint(0, 0, TokenOptions::full());
        let other = tokens.mint(0, 0, TokenOptions::full());
        assert_ne!(one, other);
        assert_eq!(one.len(), 84);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(&one[52..58], ["JQQJ", "99"].concat());
        assert_eq!(&one[72..80], ["AAAA", "AZDO"].concat());
    }

    #[test]
    fn an_access_token_of_entra_is_a_json_web_token() {
        let token = Tokens::default().mint(0, 0, TokenOptions::full().of_entra());
        assert!(token.starts_with("eyJ") && token.split('.').count() == 3, "{token}");
    }

    #[test]
    fn a_token_can_expire_and_be_revoked() {
        let mut tokens = Tokens::default();
        let expired = tokens.mint(0, 0, TokenOptions::full().expired());
        let good = tokens.mint(0, 0, TokenOptions::full().named("good"));
        assert!(!tokens.find(&expired).unwrap().is_good());
        assert!(tokens.find(&good).unwrap().is_good());
        assert_eq!(tokens.named(0, "good"), Some(good.as_str()));
        assert_eq!(tokens.named(1, "good"), None);
        assert!(tokens.revoke(&good) && !tokens.find(&good).unwrap().is_good());
        assert!(!tokens.revoke("nothing"));
    }
}
