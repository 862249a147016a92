//! The scripts: each one is one atomic step in Redis. They return the result, or a list of texts that begins with it.
//!
//! `KEYS[1]` is the key of the run tree. Its fields are `v` (the version of the root), `s:ID` (a record), `n:NAME`
//! (the id that is open under a name) and `c:NAME` (the id that has reserved it in 16 bytes, until when in 13 digits, and
//! its bot run).
//! Beside it, `KEY:x:ID` and `KEY:y:NAME` are notes about what was closed; that of a name is read only while nothing is
//! open under it. Time is that of the server.

use redis::Script;

/// Every script of the store
pub(super) struct Scripts {
    pub(super) claim: Script,
    pub(super) open: Script,
    pub(super) find: Script,
    pub(super) close: Script,
    pub(super) release: Script,
    pub(super) hold: Script,
    pub(super) renew: Script,
    pub(super) end: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Scripts {
            claim: Script::new(CLAIM),
            open: Script::new(OPEN),
            find: Script::new(FIND),
            close: Script::new(CLOSE),
            release: Script::new(RELEASE),
            hold: Script::new(HOLD),
            renew: Script::new(RENEW),
            end: Script::new(END),
        }
    }
}

/// `ARGV`: name, id, bot run, whether an open session is to be replaced, lease in ms, whether the root asks, version
const CLAIM: &str = r"
local tree, name, id, lease = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[5])
local version, held, open = unpack(redis.call('HMGET', tree, 'v', 'c:' .. name, 'n:' .. name))
if not version then
  if ARGV[6] ~= '1' then return 'no_tree' end
  redis.call('HSET', tree, 'v', ARGV[7])
  redis.call('PEXPIRE', tree, lease)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if held and tonumber(string.sub(held, 17, 29)) > now then
  return {'connecting', string.sub(held, 30)}
end
if open and ARGV[4] ~= '1' then
  return {'open', open, redis.call('HGET', tree, 's:' .. open)}
end
redis.call('HSET', tree, 'c:' .. name, id .. (now + lease) .. ARGV[3])
return 'reserved'
";

/// `ARGV`: name or nothing, id, record, note for the one it replaces, how long the note is kept in ms, lease in ms,
/// whether the root asks, version
const OPEN: &str = r"
local tree, name, id = KEYS[1], ARGV[1], ARGV[2]
local version, held, old = unpack(redis.call('HMGET', tree, 'v', 'c:' .. name, 'n:' .. name))
if not version then
  if ARGV[7] ~= '1' then return 'no_tree' end
  redis.call('HSET', tree, 'v', ARGV[8])
  redis.call('PEXPIRE', tree, ARGV[6])
end
if name == '' then
  redis.call('HSET', tree, 's:' .. id, ARGV[3])
  return 'opened'
end
if not held or string.sub(held, 1, 16) ~= id then return 'lost' end
redis.call('HDEL', tree, 'c:' .. name)
if old then
  redis.call('HDEL', tree, 's:' .. old)
  redis.call('SET', tree .. ':x:' .. old, ARGV[4], 'PX', ARGV[5])
  redis.call('PUBLISH', tree, old .. ARGV[4])
end
redis.call('HSET', tree, 'n:' .. name, id, 's:' .. id, ARGV[3])
return 'opened'
";

/// `ARGV`: `n` or `i`, the name or the id, the id that is known or nothing
const FIND: &str = r"
local tree, id, known = KEYS[1], ARGV[2], ARGV[3]
local notes = ':x:'
if ARGV[1] == 'n' then
  notes = ':y:'
  id = redis.call('HGET', tree, 'n:' .. ARGV[2])
end
local record = id and redis.call('HGET', tree, 's:' .. id)
if record then
  local note = known ~= '' and known ~= id and redis.call('GET', tree .. ':x:' .. known)
  if note then return {'open', id, record, note} end
  return {'open', id, record}
end
if redis.call('EXISTS', tree) == 0 then return 'no_tree' end
local note = redis.call('GET', tree .. notes .. ARGV[2])
if note then return {'missing', note} end
return 'missing'
";

/// `ARGV`: id, name or nothing, note, how long the note is kept in ms
const CLOSE: &str = r"
local tree, id, name = KEYS[1], ARGV[1], ARGV[2]
if redis.call('HDEL', tree, 's:' .. id) == 0 then return 'missing' end
if name ~= '' and redis.call('HGET', tree, 'n:' .. name) == id then
  redis.call('HDEL', tree, 'n:' .. name)
  redis.call('SET', tree .. ':y:' .. name, ARGV[3], 'PX', ARGV[4])
end
redis.call('SET', tree .. ':x:' .. id, ARGV[3], 'PX', ARGV[4])
redis.call('PUBLISH', tree, id .. ARGV[3])
return 'closed'
";

/// `ARGV`: id, name
const RELEASE: &str = r"
local held = redis.call('HGET', KEYS[1], 'c:' .. ARGV[2])
if held and string.sub(held, 1, 16) == ARGV[1] then redis.call('HDEL', KEYS[1], 'c:' .. ARGV[2]) end
return 'released'
";

/// `ARGV`: id, name, lease in ms
const HOLD: &str = r"
local held = redis.call('HGET', KEYS[1], 'c:' .. ARGV[2])
if not held or string.sub(held, 1, 16) ~= ARGV[1] then return 'lost' end
local time = redis.call('TIME')
local till = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3]
redis.call('HSET', KEYS[1], 'c:' .. ARGV[2], ARGV[1] .. till .. string.sub(held, 30))
return 'held'
";

/// `ARGV`: lease in ms, version
const RENEW: &str = r"
if redis.call('PEXPIRE', KEYS[1], ARGV[1]) == 1 then return 'renewed' end
redis.call('HSET', KEYS[1], 'v', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 'begun'
";

/// No `ARGV`
const END: &str = r"
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[1], 'end')
return 'ended'
";
