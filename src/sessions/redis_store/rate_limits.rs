//! The rate limits that processes share: one hash for each user, changed by one script with the server's time.
//!
//! It decides as the limits in the memory of a broker do, with the same numbers; a test compares them. Decision 0240.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use redis::Script;

use crate::devops::GrantedSlots;
use crate::devops::SharedRateLimit;
use crate::devops::SlotDraw;
use crate::devops::SlotFuture;
use crate::devops::UserFuture;
use crate::devops::UserKey;
use crate::devops::shared_limit_rules;
use crate::sessions::redis_store::access::RedisAccess;
use crate::sessions::redis_store::access::garbage;
use crate::sessions::redis_store::access::result;
use crate::sessions::redis_store::store::RedisStore;
use crate::sessions::sharing::StoreError;

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(&(rules() + DRAW)));

static USER_OF: LazyLock<Script> =
    LazyLock::new(|| Script::new("return {redis.call('GET', KEYS[1]) or nil}"));

static TELL_USER: LazyLock<Script> = LazyLock::new(|| {
    Script::new(&(rules() + "redis.call('SET', KEYS[1], ARGV[1], 'PX', TOKEN_REMEMBERED) return {'told'}"))
});

/// Returns the numbers of the rules as the first lines of a script
fn rules() -> String {
    let mut text = String::new();
    for (name, value) in shared_limit_rules() {
        let _ = writeln!(text, "local {name} = {value}");
    }
    text
}

/// `ARGV`: slots, patience in ms; then the report: epoch, accepted, of these waited, whether lowered, pause in ms, and the
/// highest rate in requests per second or -1
///
/// Fields: `next` is the last slot that is taken, in ms; `rate` in requests per second, and `step`, by which an accepted
/// request raises it; `epoch` counts how often the rate was lowered, and `confirmed` says whether a request of this epoch
/// was accepted; `told` is when the service last mentioned the limit, and `until` the end of its pause. `since` is the
/// start of the count `sent`, and `before` the rate in the second before that. Without `rate` there is no limit, and a user
/// who is new since `born` starts slowly.
const DRAW: &str = r"
local key, want, patience = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local f = redis.call('HMGET', key, 'next', 'rate', 'step', 'epoch', 'confirmed', 'told', 'until', 'since', 'sent', 'before', 'born')
local next, rate, step = tonumber(f[1]) or 0, tonumber(f[2]) or 0, tonumber(f[3]) or 0
local epoch, confirmed = tonumber(f[4]) or 0, f[5] == '1'
local told, till = tonumber(f[6]) or 0, tonumber(f[7]) or 0
local since, sent, before, born = tonumber(f[8]) or now, tonumber(f[9]) or 0, tonumber(f[10]) or 0, tonumber(f[11]) or now

if rate > 0 and next <= now and (rate > HIGHEST or now - told >= REMEMBERED) then rate = 0 end
if now - since >= 1000 then
  before = sent * 1000 / (now - since)
  since, sent = now, 0
end

local function lower()
  step = rate * (1 - DECREASE) / RECOVERY
  rate = math.max(rate * DECREASE, math.min(LOWEST, rate))
  epoch = epoch + 1
  confirmed = false
end
local function start()
  if rate > 0 then return end
  rate = math.max(sent, before, FIRST)
  next = now
  lower()
end

local is_current = tonumber(ARGV[3]) == epoch
if is_current and tonumber(ARGV[4]) > 0 then
  confirmed = true
  if rate > 0 then rate = rate + step * ARGV[5] end
end
if ARGV[6] == '1' then
  told = now
  if rate == 0 then start() elseif is_current and confirmed then lower() end
end
local pause, cap = tonumber(ARGV[7]), tonumber(ARGV[8])
if cap >= 0 then
  told = now
  start()
  rate = math.min(rate, math.max(cap, LOWEST))
end
if pause > 0 then
  told = now
  start()
  till = math.max(till, now + pause)
end

local speed, credit = rate, 1
if rate == 0 then
  speed, credit = BURST * 2 ^ math.min((now - born) / 1000, DOUBLINGS), BURST
end
local gap, first, slots = 1000 / speed, 0, UNLIMITED
if rate > 0 or speed < HIGHEST then
  next = math.max(next, now - credit * gap, till - gap)
  first = next + gap - now
  if first > patience then
    slots = 0
  elseif first <= 0 then
    slots, first, gap = math.min(want, math.floor(-first / gap) + 1), 0, 0
  else
    slots = math.min(want, math.max(1, math.floor(speed / 2)))
  end
  next = next + slots * 1000 / speed
else
  gap = 0
end
sent = sent + slots
redis.call('HSET', key, 'next', next, 'rate', rate, 'step', step, 'epoch', epoch, 'confirmed', confirmed and '1' or '0',
  'told', told, 'until', till, 'since', since, 'sent', sent, 'before', before, 'born', born)
redis.call('PEXPIRE', key, FORGOTTEN)
local function micro(ms) return string.format('%.0f', math.max(ms, 0) * 1000) end
return {'granted', tostring(slots), micro(first), micro(gap), string.format('%.0f', epoch), micro(till - now)}
";

impl SharedRateLimit for RedisStore {
    fn draw(&self, user: UserKey, draw: SlotDraw) -> SlotFuture<'_> {
        Box::pin(async move {
            draw_from(self.access(), user, &draw).await.map_err(StoreError::warn_of_limit).ok()
        })
    }

    fn user_of(&self, token: UserKey) -> UserFuture<'_> {
        Box::pin(async move {
            let read = self.access().run_at(&USER_OF, key("token", token), |_| {}).await;
            let read = read.map_err(StoreError::warn_of_limit).ok()?;
            Some(read.first().and_then(|user| user.as_slice().try_into().ok()).map(UserKey))
        })
    }

    fn tell_user(&self, token: UserKey, user: UserKey) {
        // Without a runtime the process ends, and another one tells it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let access = self.shared_access();
            runtime.spawn(async move {
                let told = access.run_at(&TELL_USER, key("token", token), |invocation| {
                    invocation.arg(&user.0);
                });
                told.await.map(drop)
            });
        }
    }
}

async fn draw_from(access: &RedisAccess, user: UserKey, draw: &SlotDraw) -> Result<GrantedSlots, StoreError> {
    let report = &draw.report;
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let reply = access
        .run_at(&SCRIPT, key("limit", user), |invocation| {
            invocation.arg(draw.slots).arg(milliseconds(draw.patience)).arg(report.epoch);
            invocation.arg(report.accepted).arg(report.waited).arg(u8::from(report.lowered));
            invocation.arg(milliseconds(report.pause)).arg(report.cap.unwrap_or(-1.0));
        })
        .await?;
    let (b"granted", numbers) = result(&reply) else { return Err(garbage()) };
    let numbers: Option<Vec<u64>> =
        numbers.iter().map(|text| std::str::from_utf8(text).ok()?.parse().ok()).collect();
    let Some(&[slots, first, interval, epoch, pause]) = numbers.as_deref() else { return Err(garbage()) };
    Ok(GrantedSlots {
        slots: u32::try_from(slots).map_err(|_| garbage())?,
        first: Duration::from_micros(first),
        interval: Duration::from_micros(interval),
        epoch,
        pause: Duration::from_micros(pause),
    })
}

fn key(kind: &str, user: UserKey) -> String {
    let mut key = format!("azdo-bot:{kind}:");
    user.0.iter().for_each(|byte| {
        let _ = write!(key, "{byte:02x}");
    });
    key
}
