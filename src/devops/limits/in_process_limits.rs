//! The shared rate limits of users in the memory of one process, for the processes that it serves. Decision 0240.
//!
//! A slot is a moment at which one request may be sent. Each draw reserves the next slots for one process, so that
//! nothing has to be asked again.

use std::collections::HashMap;
use std::future::ready;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::devops::limits::learned_rate;
use crate::devops::limits::learned_rate::LearnedRate;
use crate::devops::limits::shared_rate_limit::GrantedSlots;
use crate::devops::limits::shared_rate_limit::LimitReport;
use crate::devops::limits::shared_rate_limit::SharedRateLimit;
use crate::devops::limits::shared_rate_limit::SlotDraw;
use crate::devops::limits::shared_rate_limit::SlotFuture;
use crate::devops::limits::shared_rate_limit::UserFuture;
use crate::devops::limits::shared_rate_limit::UserKey;

/// How many requests of a new user are sent at once, and in the first second after that
const BURST: u32 = 24;

/// The rate of a new user doubles each second, so often at most
const DOUBLINGS: f64 = 10.0;

/// The slots of a draw of which none has to wait
const UNLIMITED: u32 = 10;

/// A user without a request for so long is forgotten
const FORGOTTEN: Duration = Duration::from_secs(600);

/// How long the user of a token is remembered
const TOKEN_REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// With so many users or tokens in memory, those that are to be forgotten are removed
const SWEEP_AT: usize = 256;

/// Returns the numbers of these rules by their names, for a store that decides in its own language
///
/// Times are in milliseconds.
pub fn shared_limit_rules() -> [(&'static str, f64); 11] {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    [
        ("DECREASE", learned_rate::DECREASE),
        ("RECOVERY", learned_rate::RECOVERY),
        ("FIRST", learned_rate::FIRST),
        ("LOWEST", learned_rate::LOWEST),
        ("HIGHEST", learned_rate::HIGHEST),
        ("REMEMBERED", milliseconds(learned_rate::REMEMBERED)),
        ("BURST", f64::from(BURST)),
        ("DOUBLINGS", DOUBLINGS),
        ("UNLIMITED", f64::from(UNLIMITED)),
        ("FORGOTTEN", milliseconds(FORGOTTEN)),
        ("TOKEN_REMEMBERED", milliseconds(TOKEN_REMEMBERED)),
    ]
}

/// The shared rate limits of users in the memory of this process
#[derive(Default)]
pub struct InProcessLimits(Mutex<KnownLimits>);

#[derive(Default)]
struct KnownLimits {
    users: HashMap<UserKey, SharedLimit>,
    /// The users of tokens, and when they were told
    tokens: HashMap<UserKey, (UserKey, Instant)>,
    sweep_at: usize,
}

/// The limit of one user
struct SharedLimit {
    /// Without it there is no limit, and a user who is new since `born` starts slowly
    rate: Option<LearnedRate>,
    /// Counts how often the rate was lowered
    epoch: u64,
    /// The last slot that is taken
    taken: Instant,
    /// The end of the last pause that the service asked for
    paused: Option<Instant>,
    born: Instant,
    drawn: Instant,
    /// The start of the count `sent`
    since: Instant,
    sent: u32,
    /// The rate in the second before that
    before: f64,
}

impl InProcessLimits {
    fn known(&self) -> MutexGuard<'_, KnownLimits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns until when the service asked any user to wait, if that is in the future
    pub fn paused_until(&self) -> Option<Instant> {
        let now = Instant::now();
        self.known().users.values().filter_map(|limit| limit.paused).filter(|until| *until > now).max()
    }
}

impl SharedRateLimit for InProcessLimits {
    fn draw(&self, user: UserKey, draw: SlotDraw) -> SlotFuture<'_> {
        let now = Instant::now();
        let mut known = self.known();
        known.sweep(now);
        let granted = known.of(user, now).draw(&draw, now);
        Box::pin(ready(Some(granted)))
    }

    fn user_of(&self, token: UserKey) -> UserFuture<'_> {
        let now = Instant::now();
        let told = self.known().tokens.get(&token).copied();
        let user = told.filter(|(_, told)| now - *told < TOKEN_REMEMBERED).map(|(user, _)| user);
        Box::pin(ready(Some(user)))
    }

    fn tell_user(&self, token: UserKey, user: UserKey) {
        let now = Instant::now();
        let mut known = self.known();
        known.sweep(now);
        known.tokens.insert(token, (user, now));
    }
}

impl KnownLimits {
    fn sweep(&mut self, now: Instant) {
        if self.users.len() + self.tokens.len() >= self.sweep_at.max(SWEEP_AT) {
            self.users.retain(|_, limit| now - limit.drawn < FORGOTTEN);
            self.tokens.retain(|_, (_, told)| now - *told < TOKEN_REMEMBERED);
            self.sweep_at = 2 * (self.users.len() + self.tokens.len());
        }
    }

    fn of(&mut self, user: UserKey, now: Instant) -> &mut SharedLimit {
        let limit = self.users.entry(user).or_insert_with(|| SharedLimit::new(now));
        if now - limit.drawn >= FORGOTTEN {
            *limit = SharedLimit::new(now);
        }
        limit
    }
}

impl SharedLimit {
    fn new(now: Instant) -> Self {
        // A new user has all of the burst: the last slot was taken long ago.
        let taken = now.checked_sub(Duration::from_secs(1)).unwrap_or(now);
        SharedLimit {
            rate: None,
            epoch: 0,
            taken,
            paused: None,
            born: now,
            drawn: now,
            since: now,
            sent: 0,
            before: 0.0,
        }
    }

    fn draw(&mut self, draw: &SlotDraw, now: Instant) -> GrantedSlots {
        self.drawn = now;
        if self.taken <= now && self.rate.is_some_and(|rate| rate.is_over(now)) {
            self.rate = None;
        }
        let counted = now - self.since;
        if counted >= Duration::from_secs(1) {
            self.before = f64::from(self.sent) / counted.as_secs_f64();
            (self.since, self.sent) = (now, 0);
        }
        self.learn(&draw.report, now);
        let granted = self.grant(draw, now);
        self.sent = self.sent.saturating_add(granted.slots);
        granted
    }

    /// Adjusts the rate to what the service said to a process
    fn learn(&mut self, report: &LimitReport, now: Instant) {
        let is_current = report.epoch == self.epoch;
        if let Some(rate) = self.rate.as_mut().filter(|_| is_current && report.accepted > 0) {
            rate.accepted(report.waited);
        }
        if report.lowered {
            match &mut self.rate {
                Some(rate) => self.epoch += u64::from(rate.lower(is_current, now)),
                None => drop(self.start(now)),
            }
        }
        if let Some(cap) = report.cap {
            self.start(now).cap(cap, now);
        }
        if !report.pause.is_zero() {
            self.start(now).mention(now);
            self.paused = self.paused.max(now.checked_add(report.pause));
        }
    }

    /// Returns the rate, which begins at what the service accepted so far
    fn start(&mut self, now: Instant) -> &mut LearnedRate {
        let accepted = self.before.max(f64::from(self.sent));
        self.rate.get_or_insert_with(|| {
            self.taken = now;
            self.epoch += 1;
            LearnedRate::new(accepted, now)
        })
    }

    fn grant(&mut self, draw: &SlotDraw, now: Instant) -> GrantedSlots {
        let pause = self.paused.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let granted =
            |slots, first, interval| GrantedSlots { slots, first, interval, epoch: self.epoch, pause };
        let (speed, credit) = match &self.rate {
            Some(rate) => (rate.per_second(), 1),
            None => {
                let age = (now - self.born).as_secs_f64();
                (f64::from(BURST) * age.min(DOUBLINGS).exp2(), BURST)
            }
        };
        if self.rate.is_none() && speed >= learned_rate::HIGHEST {
            return granted(UNLIMITED, Duration::ZERO, Duration::ZERO);
        }
        let gap = Duration::from_secs_f64(1.0 / speed);
        let earliest = |before: Duration, at: Instant| at.checked_sub(before).unwrap_or(at);
        let paused = self.paused.map(|until| earliest(gap, until));
        let taken = self.taken.max(earliest(gap * credit, now)).max(paused.unwrap_or(self.taken));
        let next = taken + gap;
        let wait = next.saturating_duration_since(now);
        let granted = if wait > draw.patience {
            granted(0, wait, gap)
        } else if wait.is_zero() {
            let free = (now - next).div_duration_f64(gap) as u32;
            granted(draw.slots.min(free.saturating_add(1)), wait, wait)
        } else {
            granted(draw.slots.min((speed / 2.0).max(1.0) as u32), wait, gap)
        };
        self.taken = taken + gap * granted.slots;
        granted
    }
}
