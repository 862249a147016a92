//! Access tokens in the form of a JSON Web Token, which the methods of Connect treat differently.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;

/// The issuer of the tokens that Azure Pipelines gives to a job, which are accepted like personal access tokens
const PIPELINES: &str = "vstoken.visualstudio.com";

/// What issued a JSON Web Token
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contract) enum Issuer {
    /// Azure Pipelines, for one job: `System.AccessToken`
    Pipelines,
    /// Microsoft Entra, or another identity provider
    Other,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    iss: String,
}

/// Returns the issuer, if the text is a JSON Web Token: three parts, of which the first two are JSON objects
pub(in crate::contract) fn issuer(text: &str) -> Option<Issuer> {
    let mut parts = text.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    // An encrypted one has five parts, and its claims cannot be read.
    let rest = parts.count();
    if !matches!(rest, 0 | 2) || !is_object(&decoded(header)?) {
        return None;
    }
    if rest == 2 {
        return Some(Issuer::Other);
    }
    let claims = decoded(claims).filter(|claims| is_object(claims))?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Some(if claims.iss.contains(PIPELINES) { Issuer::Pipelines } else { Issuer::Other })
}

fn decoded(part: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(part).ok().map(Zeroizing::new)
}

fn is_object(json: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(json).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_web_token_is_recognized_by_its_parts() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let token = |claims: &str| format!("{}.{}.c2ln", part(r#"{"alg":"none"}"#), part(claims));
        assert_eq!(issuer(&token(r#"{"iss":"https://sts.windows.net/x/"}"#)), Some(Issuer::Other));
        assert_eq!(issuer(&token("{}")), Some(Issuer::Other));
        assert_eq!(issuer(&token(r#"{"iss":"app.vstoken.visualstudio.com"}"#)), Some(Issuer::Pipelines));
        assert_eq!(issuer(&format!("{}.a.b.c.d", part("{}"))), Some(Issuer::Other));
        for other in ["", "a.b.c", "abcdef", "with-dash_and.dot", &token("[]"), &part("{}")] {
            assert_eq!(issuer(other), None, "{other}");
        }
    }
}
