//! Idempotency keys in Redis: one hash for each key, changed by scripts with the server's time.
//!
//! Fields: `s` is the state, `r` the sealed record, and `t` the end of the lease. The record is new for each
//! reservation, so it is compared with that of the caller: a process that was away changes nothing of another one.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use redis::Script;
use redis::ScriptInvocation;

use crate::sessions::idempotency::IdempotencyStore;
use crate::sessions::idempotency::KEPT;
use crate::sessions::idempotency::KeyPlace;
use crate::sessions::idempotency::KeyState;
use crate::sessions::idempotency::Settled;
use crate::sessions::redis_store::access::RedisAccess;
use crate::sessions::redis_store::access::garbage;
use crate::sessions::redis_store::access::milliseconds;
use crate::sessions::redis_store::access::result;
use crate::sessions::redis_store::store::RedisStore;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::StoreFuture;

static RESERVE: LazyLock<Script> = LazyLock::new(|| Script::new(RESERVE_TEXT));
static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(RENEW_TEXT));
static SETTLE: LazyLock<Script> = LazyLock::new(|| Script::new(SETTLE_TEXT));

/// `ARGV`: record, lease in ms, how long the key is kept in ms
const RESERVE_TEXT: &str = r"
local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', key, 's', 'r', 't')
if not held[1] then
  redis.call('HSET', key, 's', 'pending', 'r', ARGV[1], 't', string.format('%.0f', now + ARGV[2]))
  redis.call('PEXPIRE', key, ARGV[3])
  return {'reserved'}
end
if held[1] == 'pending' and tonumber(held[3]) <= now then
  redis.call('HSET', key, 's', 'lost')
  return {'lost', held[2]}
end
return {held[1], held[2]}
";

/// `ARGV`: record, lease in ms
const RENEW_TEXT: &str = r"
local held = redis.call('HMGET', KEYS[1], 's', 'r')
if held[1] ~= 'pending' or held[2] ~= ARGV[1] then return {'changed'} end
local time = redis.call('TIME')
local till = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]
redis.call('HSET', KEYS[1], 't', string.format('%.0f', till))
return {'renewed'}
";

/// `ARGV`: record, `free`, `lost` or `done`, the record of what was made, how long the key is kept in ms
const SETTLE_TEXT: &str = r"
local key = KEYS[1]
if redis.call('HGET', key, 'r') ~= ARGV[1] then return {'changed'} end
if ARGV[2] == 'free' then
  redis.call('DEL', key)
  return {'settled'}
end
redis.call('HSET', key, 's', ARGV[2])
if ARGV[2] == 'done' then redis.call('HSET', key, 'r', ARGV[3]) end
redis.call('PEXPIRE', key, ARGV[4])
return {'settled'}
";

impl IdempotencyStore for RedisStore {
    fn reserve<'a>(
        &'a self,
        place: KeyPlace,
        record: &'a [u8],
        lease: Duration,
    ) -> StoreFuture<'a, KeyState> {
        Box::pin(async move {
            let reply = run(self.access(), &RESERVE, place, |invocation| {
                invocation.arg(record).arg(milliseconds(lease)).arg(milliseconds(KEPT));
            })
            .await?;
            match result(&reply) {
                (b"reserved", []) => Ok(KeyState::Reserved),
                (b"pending", [record]) => Ok(KeyState::Pending(record.clone())),
                (b"lost", [record]) => Ok(KeyState::Lost(record.clone())),
                (b"done", [record]) => Ok(KeyState::Done(record.clone())),
                _ => Err(garbage()),
            }
        })
    }

    fn renew<'a>(&'a self, place: KeyPlace, record: &'a [u8], lease: Duration) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let reply = run(self.access(), &RENEW, place, |invocation| {
                invocation.arg(record).arg(milliseconds(lease));
            });
            reply.await.map(drop)
        })
    }

    fn settle<'a>(&'a self, place: KeyPlace, record: &'a [u8], settled: Settled) -> StoreFuture<'a, ()> {
        Box::pin(settle_in(self.access(), place, record, settled))
    }

    fn settle_later(&self, place: KeyPlace, record: &[u8], settled: Settled) {
        // Without a runtime the process ends, and the lease of the reservation ends by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (access, record) = (self.shared_access(), record.to_vec());
            runtime.spawn(async move { settle_in(&access, place, &record, settled).await });
        }
    }
}

async fn settle_in(
    access: &RedisAccess,
    place: KeyPlace,
    record: &[u8],
    settled: Settled,
) -> Result<(), StoreError> {
    let (state, made) = match settled {
        Settled::NotMade => ("free", Vec::new()),
        Settled::Lost => ("lost", Vec::new()),
        Settled::Done(made) => ("done", made),
    };
    let reply = run(access, &SETTLE, place, |invocation| {
        invocation.arg(record).arg(state).arg(made).arg(milliseconds(KEPT));
    });
    reply.await.map(drop)
}

async fn run(
    access: &RedisAccess,
    script: &Script,
    place: KeyPlace,
    arguments: impl FnOnce(&mut ScriptInvocation<'_>),
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut key = "azdo-bot:key:".to_owned();
    place.0.iter().for_each(|byte| {
        let _ = write!(key, "{byte:02x}");
    });
    access.run_at(script, key, arguments).await
}
