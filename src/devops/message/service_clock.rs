//! The service's own clock, as its answers tell it: what was made after a request cannot be older.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::DATE;
use reqwest::header::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// The latest moment that the service is known to have passed
///
/// An answer's `Date` has whole seconds, cut off, so it is never ahead of the service; the time that went by
/// here since then is added. A moment out of an answer's body is finer and tells two things apart that were
/// made in the same second.
#[derive(Default)]
pub(crate) struct ServiceClock(Mutex<Option<(OffsetDateTime, Instant)>>);

impl ServiceClock {
    /// Hears the `Date` of an answer; one without a date, or with another's idea of one, says nothing
    pub(crate) fn observe_headers(&self, headers: &HeaderMap) {
        if let Some(date) = date(headers) {
            self.observe(date);
        }
    }

    /// Hears a moment that the service has passed
    pub(crate) fn observe(&self, moment: OffsetDateTime) {
        let now = Instant::now();
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.is_none_or(|(known, at)| moment > after(known, now - at)) {
            *latest = Some((moment, now));
        }
    }

    /// What its clock shows at least
    pub(crate) fn now(&self) -> Option<OffsetDateTime> {
        let latest = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest.map(|(moment, at)| after(moment, at.elapsed()))
    }
}

/// The `Date` of an answer
pub(crate) fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(DATE)?.to_str().ok()?, &Rfc2822).ok()
}

/// Returns what the clock shows that wrote this response, or else `now`, the clock of this machine
pub(crate) fn now_by(headers: &HeaderMap, now: SystemTime) -> SystemTime {
    date(headers).map_or(now, SystemTime::from)
}

/// A moment so much later, no later than there are moments: the service writes the year 9999 for "never"
fn after(moment: OffsetDateTime, passed: Duration) -> OffsetDateTime {
    moment.saturating_add(time::Duration::try_from(passed).unwrap_or(time::Duration::MAX))
}

/// Reads a time as the service writes it; one without a zone is UTC
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
    async fn the_clock_goes_on_and_never_back() {
        let clock = ServiceClock::default();
        assert_eq!(clock.now(), None);
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Wed, 25 Nov 2026 04:00:00 GMT".parse().expect("a header"));
        clock.observe_headers(&headers);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02Z")));
        clock.observe(moment("2026-11-25T04:00:01.5Z"));
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02Z")), "an older moment says nothing");
        clock.observe(moment("2026-11-25T04:00:02.1234567Z"));
        assert_eq!(clock.now(), Some(moment("2026-11-25T04:00:02.1234567Z")));
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_stops_at_the_end_of_all_times() {
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
