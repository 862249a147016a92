//! The slots that this process has drawn from a shared rate limit, and its small share while the store is lost.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::devops::limits::rate_limit::RateLimit;
use crate::devops::limits::shared_rate_limit::GrantedSlots;
use crate::devops::limits::shared_rate_limit::LimitReport;
use crate::devops::limits::shared_rate_limit::SlotDraw;

/// The most slots of one draw: a store is asked once for so many requests
const MOST: usize = 10;

/// A slot that is not used for so long is dropped: another process may have been told to wait since
const GOOD_FOR: Duration = Duration::from_secs(1);

/// The share of a process while the store does not respond: five requests per second
const SHARE: Duration = Duration::from_millis(200);

/// How long a process works with its share before it asks the store again
const STORE_REST: Duration = Duration::from_secs(5);

/// The slots of one user in this process
#[derive(Debug)]
pub(super) struct DrawnSlots {
    /// When each of them may be used, the earliest first
    slots: VecDeque<Instant>,
    interval: Duration,
    report: LimitReport,
    /// Until when the service asked this process to wait
    paused: Instant,
    /// The first slot that the store could give, if that was too late for the request that asked
    late: Option<Instant>,
    /// Until when the store is not asked, because it did not respond
    without_store: Option<Instant>,
    /// The next slot of the share
    share: Instant,
}

/// What the next request has to do
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextSlot {
    /// It has taken a slot
    Taken,
    /// It waits for this moment
    At(Instant),
    /// It draws slots
    Draw,
}

impl DrawnSlots {
    pub(super) fn new(now: Instant) -> Self {
        DrawnSlots {
            slots: VecDeque::new(),
            interval: Duration::ZERO,
            report: LimitReport::default(),
            paused: now,
            late: None,
            without_store: None,
            share: now,
        }
    }

    /// Takes the next slot if its time has come
    pub(super) fn take(&mut self, now: Instant, deadline: Instant) -> NextSlot {
        if self.without_store.is_some_and(|until| until > now) {
            let at = self.share.max(self.paused).max(now);
            if at > now {
                return NextSlot::At(at);
            }
            self.share = now + SHARE;
            return NextSlot::Taken;
        }
        while self.slots.front().is_some_and(|at| *at + GOOD_FOR < now) {
            self.slots.pop_front();
        }
        match (self.slots.front(), self.late) {
            (Some(at), _) if *at <= now => {
                self.slots.pop_front();
                NextSlot::Taken
            }
            (Some(at), _) => NextSlot::At(*at),
            (None, Some(at)) if at >= deadline => NextSlot::At(at),
            (None, _) => NextSlot::Draw,
        }
    }

    /// Returns the time before which no request is sent, as far as it is known
    pub(super) fn earliest(&self) -> Instant {
        self.slots.front().copied().or(self.late).unwrap_or(self.paused).max(self.paused)
    }

    /// Returns the time from one request to the next, as far as it is known
    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// Returns what to ask the store for, and takes the report
    pub(super) fn draw(&mut self, waiting: usize, patience: Duration) -> SlotDraw {
        let report = self.report;
        self.report = LimitReport { epoch: report.epoch, ..LimitReport::default() };
        let slots = u32::try_from(waiting.clamp(1, MOST)).unwrap_or(1);
        SlotDraw { slots, patience, report }
    }

    /// Adds what the store gave
    pub(super) fn add(&mut self, granted: &GrantedSlots, now: Instant) {
        if granted.epoch != self.report.epoch {
            self.report = LimitReport { epoch: granted.epoch, ..LimitReport::default() };
        }
        self.without_store = None;
        self.interval = granted.interval;
        let first = now + granted.first;
        self.late = (granted.slots == 0).then_some(first);
        self.slots.extend((0..granted.slots).map(|number| first + granted.interval * number));
    }

    /// Works with the share of the process for a while, since the store did not respond
    pub(super) fn lose_store(&mut self, now: Instant) {
        self.slots.clear();
        self.late = None;
        self.interval = SHARE;
        self.without_store = Some(now + STORE_REST);
    }

    /// Records an accepted request with a slot of this epoch
    pub(super) fn accepted(&mut self, epoch: u64, waited: bool) {
        if epoch == self.report.epoch {
            self.report.accepted = self.report.accepted.saturating_add(1);
            self.report.waited = self.report.waited.saturating_add(waited.into());
        }
    }

    /// Records a rejected or delayed request with a slot of this epoch
    pub(super) fn lowered(&mut self, epoch: u64) {
        self.report.lowered |= epoch == self.report.epoch;
        self.slots.clear();
    }

    /// Records the rate at which the limit recovers
    pub(super) fn cap(&mut self, rate: f64) {
        self.report.cap = Some(self.report.cap.map_or(rate, |cap| cap.min(rate)));
    }

    /// Takes over a limit that was learned before the user was known
    pub(super) fn learn(&mut self, limit: &RateLimit, now: Instant) {
        self.lowered(self.report.epoch);
        self.pause(limit.next().saturating_duration_since(now), now);
    }

    /// Returns what has not been reported yet
    pub(super) fn report(&self) -> LimitReport {
        self.report
    }

    /// Takes over what the service said about requests of the same user
    pub(super) fn join(&mut self, told: &LimitReport, now: Instant) {
        if told.lowered {
            self.lowered(self.report.epoch);
        }
        if let Some(cap) = told.cap {
            self.cap(cap);
        }
        if !told.pause.is_zero() {
            self.pause(told.pause, now);
        }
    }

    /// Drops the slots, which are those of another user
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.late = None;
    }

    /// Records how long the service asks to wait
    pub(super) fn pause(&mut self, pause: Duration, now: Instant) {
        self.report.pause = self.report.pause.max(pause);
        self.paused = self.paused.max(now + pause);
        self.slots.clear();
    }

    /// Returns the epoch of the slots
    pub(super) fn epoch(&self) -> u64 {
        self.report.epoch
    }

    /// Whether nothing would be lost with it
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        !self.report.lowered && self.paused <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn granted(slots: u32, first: Duration, interval: Duration) -> GrantedSlots {
        GrantedSlots { slots, first, interval, epoch: 1, pause: Duration::ZERO }
    }

    #[tokio::test(start_paused = true)]
    async fn slots_are_used_at_their_times_and_then_drawn_again() {
        let now = Instant::now();
        let mut slots = DrawnSlots::new(now);
        assert_eq!(slots.take(now, now + SECOND), NextSlot::Draw);
        let draw = slots.draw(40, SECOND);
        assert_eq!((draw.slots, draw.patience), (10, SECOND), "ten at most");
        slots.add(&granted(2, Duration::ZERO, SECOND / 2), now);
        assert_eq!(slots.take(now, now + SECOND), NextSlot::Taken);
        assert_eq!(slots.take(now, now + SECOND), NextSlot::At(now + SECOND / 2));
        let later = now + SECOND * 2;
        assert_eq!(slots.take(later, later + SECOND), NextSlot::Draw, "the unused slot is too old");
        slots.add(&granted(0, SECOND * 9, SECOND), later);
        assert_eq!(slots.take(later, later + SECOND), NextSlot::At(later + SECOND * 9));
        assert_eq!(
            slots.take(later, later + SECOND * 20),
            NextSlot::Draw,
            "this request can wait for longer"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_report_is_about_the_slots_of_its_epoch() {
        let now = Instant::now();
        let mut slots = DrawnSlots::new(now);
        slots.accepted(0, true);
        slots.add(&granted(1, Duration::ZERO, SECOND), now);
        slots.accepted(0, true);
        slots.lowered(0);
        slots.accepted(1, false);
        slots.pause(SECOND, now);
        slots.cap(7.0);
        let report = slots.draw(1, SECOND).report;
        let expected =
            LimitReport { epoch: 1, accepted: 1, pause: SECOND, cap: Some(7.0), ..LimitReport::default() };
        assert_eq!(report, expected);
        assert_eq!(
            slots.draw(1, SECOND).report,
            LimitReport { epoch: 1, ..LimitReport::default() },
            "told once"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_the_store_a_process_has_a_small_share_and_its_own_pause() {
        let now = Instant::now();
        let mut slots = DrawnSlots::new(now);
        slots.lose_store(now);
        assert_eq!(slots.take(now, now + SECOND), NextSlot::Taken);
        assert_eq!(slots.take(now, now + SECOND), NextSlot::At(now + SHARE));
        slots.pause(SECOND, now);
        assert_eq!(slots.take(now + SHARE, now + SECOND), NextSlot::At(now + SECOND));
        let later = now + STORE_REST;
        assert_eq!(slots.take(later, later + SECOND), NextSlot::Draw, "the store is asked again");
    }
}
