//! The clock of the service, read from its responses: a resource created after a request is not older.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::DATE;
use reqwest::header::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// The length of a `Date`, which HTTP fixes
const DATE_LENGTH: usize = 29;

/// The latest time that the clock of the service is known to have passed
///
/// The `Date` of a response is rounded down to seconds, so it is never ahead of the service; the time that has
/// passed on this machine since then is added. A time in the body of a response is more precise and
/// distinguishes two resources that were created in the same second.
#[derive(Default)]
pub(crate) struct ServiceClock(Mutex<Latest>);

#[derive(Default)]
struct Latest {
    time: Option<(OffsetDateTime, Instant)>,
    /// The `Date` that was recorded last; the responses of one second have the same
    ///
    /// A copy: a header value is a part of the response's read buffer and would keep all of it.
    date: Option<[u8; DATE_LENGTH]>,
}

impl ServiceClock {
    /// Records the `Date` of a response; a response without a valid date is ignored
    pub(crate) fn observe_headers(&self, headers: &HeaderMap) {
        let Some(value) = headers.get(DATE) else { return };
        if self.lock().date.is_some_and(|last| last == value.as_bytes()) {
            return;
        }
        if let Some(date) = date(headers) {
            self.observe(date);
            self.lock().date = value.as_bytes().try_into().ok();
        }
    }

    /// Records a time that the clock of the service has passed
    pub(crate) fn observe(&self, moment: OffsetDateTime) {
        let now = Instant::now();
        let mut latest = self.lock();
        if latest.time.is_none_or(|(known, at)| moment > after(known, now - at)) {
            latest.time = Some((moment, now));
        }
    }

    /// Returns the time that the clock of the service has reached at least
    pub(crate) fn now(&self) -> Option<OffsetDateTime> {
        let latest = self.lock().time;
        latest.map(|(moment, at)| after(moment, at.elapsed()))
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the `Date` of a response
pub(crate) fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(DATE)?.to_str().ok()?, &Rfc2822).ok()
}

/// Returns the time on the clock of the sender, or `now`, the time of this machine, if the response has no date
pub(crate) fn now_by(headers: &HeaderMap, now: SystemTime) -> SystemTime {
    date(headers).map_or(now, SystemTime::from)
}

/// Adds a duration and saturates: the service writes the year 9999 for "never"
fn after(moment: OffsetDateTime, passed: Duration) -> OffsetDateTime {
    moment.saturating_add(time::Duration::try_from(passed).unwrap_or(time::Duration::MAX))
}

/// Reads a time as the service writes it; a time without a zone is UTC
pub fn service_time(text: &str) -> Option<OffsetDateTime> {
    let with_zone = OffsetDateTime::parse(text, &Rfc3339);
    with_zone.or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> OffsetDateTime {
        service_time(text).expect("it is a time")
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_advances_and_never_goes_back() {
        let clock = ServiceClock::default();
        assert_eq!(clock.now(), None);
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Wed, 25 Nov 2026 04:00:00 GMT".parse().expect("a header"));
        clock.observe_headers(&headers);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02Z")));
        clock.observe(moment("2026-11-25T04:00:01.5Z"));
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02Z")), "an older time is ignored");
        clock.observe(moment("2026-11-25T04:00:02.1234567Z"));
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02.1234567Z")));
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_saturates_at_the_latest_time() {
        let clock = ServiceClock::default();
        let last = moment("9999-12-31T23:59:59.9999999Z");
        clock.observe(last);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(clock.now() >= Some(last));
        clock.observe(last);
    }

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        assert_eq!(moment("2026-11-25T04:00:00.12"), moment("2026-11-25T05:00:00.1200000+01:00"));
        assert!(service_time("0001-01-01T00:00:00").is_some());
        assert_eq!(service_time("yesterday"), None);
    }
}
