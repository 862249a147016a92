//! What the fuzz targets of responses check. Decision 0280.

use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::CONTENT_TYPE;
use reqwest::header::DATE;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use reqwest::header::LOCATION;
use reqwest::header::RETRY_AFTER;
use reqwest::header::SERVER;
use reqwest::header::WWW_AUTHENTICATE;

use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::contract::fuzzing::check_text;
use crate::contract::fuzzing::planted;
use crate::contract::fuzzing::token;
use crate::devops::Request;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::response_error;
use crate::devops::limits::retry_after;
use crate::devops::message::body;
use crate::devops::message::list::List;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;

/// The statuses that an input names by the letters from A; any other byte is 418
const STATUSES: [u16; 16] = [200, 201, 203, 204, 302, 400, 401, 403, 404, 407, 409, 429, 500, 502, 503, 511];

/// The longest response of an input, in bytes: errors may quote all of it
const LONGEST: usize = 1024;

/// A response is a success without an error, or an error without a token, however the token is written into it
///
/// The first line of the input is a byte for the status and headers, separated by `|`; the rest is the body.
pub fn response(input: &[u8]) {
    let input = &input[..input.len().min(LONGEST)];
    let Some((status, rest)) = input.split_first() else { return };
    let (head, rest) = match memchr::memchr(b'\n', rest) {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, [].as_slice()),
    };
    let status = STATUSES.get(usize::from(status.wrapping_sub(b'A'))).copied().unwrap_or(418);
    let response = ServiceResponse::of_test(status, headers(head), &planted(rest, ""));
    let organization = OrganizationUrl::parse("https://dev.azure.com/fabrikam").expect("a URL");
    let secret = Secret::new(token());
    let error_text = ErrorText::new(&organization, Scheme::Basic);
    let error =
        response_error::error(&response, &Request::get(&["git", "repositories"]), &error_text, &secret);
    assert_eq!(error.is_none(), response.class() == ResponseClass::Success);
    if let Some(error) = error {
        assert!(!format!("{error:?}").contains(&token()), "an error contains the token");
    }
    // An activity id and the reason of a body that cannot be read are shown as they are.
    check_text(&response.activity_id().unwrap_or_default());
    check_text(&body::decode::<List<Value>>(&response).err().unwrap_or_default());
    check_text(&body::decode::<()>(&response).err().unwrap_or_default());
    check_text(&body::text(&response).err().unwrap_or_default());
}

/// Reads headers that are separated by `|`, in a fixed order
fn headers(line: &[u8]) -> HeaderMap {
    let names = [
        CONTENT_TYPE,
        HeaderName::from_static("x-tfs-serviceerror"),
        HeaderName::from_static("x-vss-e2eid"),
        WWW_AUTHENTICATE,
        LOCATION,
        SERVER,
        RETRY_AFTER,
        DATE,
    ];
    let values = line.split(|byte| *byte == b'|').map(|value| HeaderValue::from_bytes(&planted(value, "")));
    let given = names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.ok()?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

/// A wait is between nothing and a day, whatever the header and both clocks say
///
/// The lines of the input are `Retry-After`, `Date`, and the seconds since 1970 of this machine's clock.
pub fn retry_after(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [RETRY_AFTER, DATE] {
        if let Some(Ok(value)) = lines.next().map(HeaderValue::from_bytes) {
            headers.insert(name, value);
        }
    }
    let seconds = lines.next().and_then(|line| std::str::from_utf8(line).ok()?.parse().ok()).unwrap_or(0);
    let now =
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(SystemTime::UNIX_EPOCH);
    let Some(wait) = retry_after::from_headers(&headers, now) else { return };
    assert!(!wait.is_zero() && wait <= Duration::from_secs(86_400), "{wait:?}");
    let text = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Ok(seconds) = text.trim().parse::<u64>() {
        assert_eq!(wait.as_secs(), seconds.min(86_400), "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fuzzing::over_kept_inputs;

    #[test]
    fn kept_responses_are_a_success_or_an_error_without_the_token() {
        over_kept_inputs("response", response);
    }

    #[test]
    fn kept_waits_are_at_most_a_day() {
        over_kept_inputs("retry_after", super::retry_after);
    }
}
