//! How long the service asks to wait: the `Retry-After` header.

use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use reqwest::header::RETRY_AFTER;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::devops::message::service_clock;

/// The longest wait that is accepted; a longer one is a mistake or malicious
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns how long the service asks to wait before the next request, if it does
///
/// A date is compared with the `Date` of the response; without one, with `now`, the time of this machine.
pub(crate) fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    parse(value, service_clock::now_by(headers, now)).filter(|wait| !wait.is_zero())
}

/// Reads whole seconds or a date
fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // A number too large for the type is a very long time too.
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let date = SystemTime::from(OffsetDateTime::parse(value, &Rfc2822).ok()?);
    Some(date.duration_since(now).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The clock of this machine may be wrong by hours.
    #[test]
    fn a_date_is_read_by_the_clock_of_the_service() {
        let headers = |rows: &[(&'static str, &str)]| {
            let row = |(name, value): &(&'static str, &str)| {
                (name.parse().expect("a name"), value.parse().expect("a value"))
            };
            HeaderMap::from_iter(rows.iter().map(row))
        };
        let rows =
            [("retry-after", "Wed, 25 Nov 2026 04:00:30 GMT"), ("date", "Wed, 25 Nov 2026 04:00:00 GMT")];
        let half_a_minute = Some(Duration::from_secs(30));
        assert_eq!(from_headers(&headers(&rows), SystemTime::UNIX_EPOCH), half_a_minute);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_579_200);
        assert_eq!(
            from_headers(&headers(&rows[..1]), now),
            half_a_minute,
            "the clock of this machine, if the response has no date"
        );
    }

    #[test]
    fn retry_after_is_read_and_bounded() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777); // 1994-11-06T08:49:37Z
        let rows = [
            ("0", Some(0)),
            ("1", Some(1)),
            (" 30 ", Some(30)),
            ("86400", Some(86_400)),
            ("86401", Some(86_400)),
            ("99999999999999999999999999", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sat, 05 Nov 1994 08:49:37 GMT", Some(0)),
            ("Wed, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e99", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in rows {
            assert_eq!(parse(value, now), seconds.map(Duration::from_secs), "{value:?}");
        }
    }
}
