//! The `Authorization` header of a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;

use crate::contract::Scheme;
use crate::contract::Secret;

/// Returns the header of a token, marked as sensitive so that no log shows it: Basic with an empty user, or Bearer
pub(crate) fn authorization(token: &Secret) -> HeaderValue {
    let text = match token.scheme() {
        Scheme::Basic => {
            let pair = Zeroizing::new(format!(":{}", token.expose()));
            let mut text = Zeroizing::new(String::with_capacity(8 + pair.len().div_ceil(3) * 4));
            text.push_str("Basic ");
            STANDARD.encode_string(pair.as_bytes(), &mut text);
            text
        }
        Scheme::Bearer => Zeroizing::new(format!("Bearer {}", token.expose())),
    };
    // The header owns the text, which is zeroized with the last request that uses it.
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(text));
    let mut value = value.expect("a token is checked to be printable ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_basic_with_an_empty_user_or_bearer_and_never_shown() {
        let value = authorization(&Secret::new("hidden".to_owned()));
        assert_eq!(value.as_bytes(), format!("Basic {}", STANDARD.encode(":hidden")).as_bytes());
        assert_eq!(format!("{value:?}"), "Sensitive");
        let value = authorization(&Secret::new("hidden".to_owned()).as_bearer());
        assert_eq!((value.as_bytes(), value.is_sensitive()), (&b"Bearer hidden"[..], true));
    }
}
