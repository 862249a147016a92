//! The state of a rate limiter: the queue, the limit, and when the next request is sent.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::devops::limits::backoff;
use crate::devops::limits::drawn_slots::DrawnSlots;
use crate::devops::limits::drawn_slots::NextSlot;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::rate_limit::RateLimit;
use crate::devops::limits::throttling::Allowance;
use crate::devops::limits::throttling::Throttling;

/// The number of accepted requests whose times are kept, to compute the rate at the first rejection
const COUNTED: usize = 512;

/// The shortest and the longest time over which the first rate is counted; in between it is the `Retry-After` time
const COUNTED_OVER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// With so many requests in flight another one waits; at most so many are rejected together
pub(super) const MAX_IN_FLIGHT: usize = 24;

/// The longest wait for a request in flight: a request that hangs must not block others
pub(super) const BURST: Duration = Duration::from_millis(100);

/// The state of a rate limiter
#[derive(Default)]
pub(super) struct LimiterState {
    pub(super) issued: u64,
    pub(super) limit: Option<RateLimit>,
    /// The slots of a rate limit that several processes share; then there is no other limit
    pub(super) slots: Option<DrawnSlots>,
    pub(super) waiting: BTreeMap<u64, Arc<Notify>>,
    pub(super) in_flight: usize,
    /// Until when the service asks to wait, however long that is
    pub(super) retry_after: Option<Instant>,
    pub(super) accepted: VecDeque<Instant>,
    /// Rejections since the last accepted request; those sent together count once
    pub(super) rejections: u32,
    pub(super) rejected: Option<Instant>,
    pub(super) throttling: Option<Throttling>,
}

/// The start of an attempt
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    /// When it was sent
    pub(super) at: Instant,
    /// Whether it had to wait for others
    pub(super) waited: bool,
    /// The epoch of its slot
    pub(super) epoch: u64,
}

/// Why a request cannot be sent before its deadline
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PastDeadline {
    /// How long the service still asks to wait
    pub(crate) retry_after: Option<Duration>,
    /// The time until the deadline
    pub(crate) time_left: Duration,
    /// How many other requests are waiting
    pub(crate) others: usize,
}

/// What a request does next
pub(super) enum LimiterDecision {
    /// It is sent
    Send(Departure),
    /// It waits; `expected` is the whole wait, as far as it is known
    Wait { until: Instant, expected: Duration },
    /// It draws slots of the shared limit
    Draw,
    /// It fails
    TooLate(PastDeadline),
}

impl LimiterState {
    pub(super) fn next_number(&mut self) -> u64 {
        self.issued += 1;
        self.issued
    }

    pub(super) fn wake_first(&self) {
        // Without a limit it can be sent only when there is room, or after its longest wait.
        if self.limit.is_none() && self.in_flight >= MAX_IN_FLIGHT {
            return;
        }
        if let Some((_, first)) = self.waiting.first_key_value() {
            first.notify_one();
        }
    }

    pub(super) fn others(&self, number: u64) -> usize {
        self.waiting.len() - usize::from(self.waiting.contains_key(&number))
    }

    pub(super) fn decide(&mut self, number: u64, since: Instant, deadline: Instant) -> LimiterDecision {
        let now = Instant::now();
        if self.waiting.is_empty() && self.limit.as_ref().is_some_and(|limit| limit.is_over(now)) {
            self.limit = None;
        }
        let is_crowded = self.others(number) > 0;
        let ahead = self.waiting.range(..number).count();
        let others = self.others(number);
        let retry_after =
            self.retry_after.map(|until| until.saturating_duration_since(now)).filter(|wait| !wait.is_zero());
        if self.slots.is_some() {
            return self.decide_shared(ahead, retry_after, since, deadline);
        }
        let Some(limit) = &mut self.limit else {
            let burst_end = since + BURST;
            if (ahead > 0 || self.in_flight >= MAX_IN_FLIGHT) && now < burst_end {
                return LimiterDecision::Wait { until: burst_end, expected: burst_end - now };
            }
            self.in_flight += 1;
            return LimiterDecision::Send(Departure { at: now, waited: false, epoch: 0 });
        };
        let next = limit.next();
        if next.max(now) >= deadline {
            let time_left = deadline.saturating_duration_since(now);
            return LimiterDecision::TooLate(PastDeadline {
                retry_after: retry_after.filter(|wait| *wait >= time_left),
                time_left,
                others,
            });
        }
        if ahead == 0 && next <= now {
            limit.depart(now);
            self.in_flight += 1;
            return LimiterDecision::Send(Departure { at: now, waited: is_crowded, epoch: 0 });
        }
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let expected = next.saturating_duration_since(now) + limit.interval().saturating_mul(ahead);
        // A request behind others is woken when it is the first.
        LimiterDecision::Wait { until: if ahead == 0 { next } else { deadline }, expected }
    }

    /// Decides with the slots of a shared limit: one request after another, the oldest first
    fn decide_shared(
        &mut self,
        ahead: usize,
        retry_after: Option<Duration>,
        since: Instant,
        deadline: Instant,
    ) -> LimiterDecision {
        let now = Instant::now();
        let others = self.waiting.len();
        let slots = self.slots.get_or_insert_with(|| DrawnSlots::new(now));
        let next = match ahead {
            _ if now >= deadline => NextSlot::At(now),
            0 if self.in_flight >= MAX_IN_FLIGHT && now < since + BURST => NextSlot::At(since + BURST),
            0 => slots.take(now, deadline),
            _ if slots.earliest() >= deadline => NextSlot::At(slots.earliest()),
            _ => {
                let expected = slots.interval().saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
                return LimiterDecision::Wait { until: deadline, expected };
            }
        };
        match next {
            NextSlot::Taken => {
                self.in_flight += 1;
                LimiterDecision::Send(Departure { at: now, waited: false, epoch: slots.epoch() })
            }
            NextSlot::Draw => LimiterDecision::Draw,
            NextSlot::At(at) if at >= deadline => {
                let time_left = deadline.saturating_duration_since(now);
                LimiterDecision::TooLate(PastDeadline {
                    retry_after: retry_after.filter(|wait| *wait >= time_left),
                    time_left,
                    others: others.saturating_sub(1),
                })
            }
            NextSlot::At(until) => LimiterDecision::Wait { until, expected: until - now },
        }
    }

    /// Makes the limit a shared one, or that of another user; what was learned before is reported to the others
    pub(super) fn share(&mut self, now: Instant) {
        let slots = self.slots.get_or_insert_with(|| DrawnSlots::new(now));
        slots.clear();
        if let Some(limit) = self.limit.take() {
            slots.learn(&limit, now);
        }
    }

    pub(super) fn count(&mut self, now: Instant) {
        self.rejections = 0;
        self.accepted.truncate(COUNTED - 1);
        self.accepted.push_front(now);
    }

    /// Lowers the rate, or starts a limit at the rate that was accepted over the `Retry-After` time
    pub(super) fn lower(&mut self, permit: Departure, retry_after: Option<Duration>, now: Instant) {
        if let Some(slots) = &mut self.slots {
            return slots.lowered(permit.epoch);
        }
        if let Some(limit) = &mut self.limit {
            return limit.lower(permit.at, now);
        }
        let [least, most] = COUNTED_OVER;
        let over = retry_after.unwrap_or(least).clamp(least, most);
        let count = self.accepted.iter().take_while(|accepted| now.duration_since(**accepted) < over).count();
        let rate = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / over.as_secs_f64();
        self.limit = Some(RateLimit::new(rate, now));
    }

    /// Records a rejection, and returns how long to send nothing, unless a pause is already in force
    pub(super) fn reject(
        &mut self,
        permit: Departure,
        retry_after: Option<Duration>,
        limits: &NetworkLimits,
        now: Instant,
    ) -> Option<Duration> {
        let is_another = self.rejected.is_none_or(|rejected| permit.at >= rejected);
        if is_another {
            self.rejections = self.rejections.saturating_add(1);
            self.rejected = Some(now);
        }
        self.lower(permit, retry_after, now);
        retry_after.or_else(|| is_another.then(|| backoff::pause(self.rejections, limits.backoff)))
    }

    /// Slows down to the rate at which the limit recovers, while little remains
    pub(super) fn conserve(&mut self, permit: Departure, allowance: &Allowance, now: Instant) {
        let Some(rate) = allowance.recovers() else { return self.lower(permit, None, now) };
        if let Some(slots) = &mut self.slots {
            return slots.cap(rate);
        }
        if self.limit.is_none() {
            self.lower(permit, None, now);
        }
        if let Some(limit) = &mut self.limit {
            limit.cap(rate, now);
        }
    }
}
