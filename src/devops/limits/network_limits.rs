//! Times and sizes that every request keeps.

use std::time::Duration;

/// Times and sizes that every request keeps
#[derive(Debug, Clone)]
pub struct NetworkLimits {
    /// The longest wait for a connection, TLS included
    pub connect: Duration,
    /// The longest time from a request's start to the last byte of its answer
    pub request: Duration,
    /// The largest answer that is one object, in bytes after decompression
    pub object_bytes: usize,
    /// The largest answer that is a list, in bytes after decompression; all its pages together
    pub list_bytes: usize,
    /// How much a streamed file brings at least over `stream_stretch`, in bytes
    pub stream_bytes: usize,
    /// The stretch of time that `stream_bytes` is counted over
    pub stream_stretch: Duration,
    /// How often a request that fails is sent at most, the first time included; a write is sent once. What is refused for
    /// a rate limit is sent again as long as the call has time
    pub attempts: u32,
    /// The longest first wait before another attempt; it doubles with each, up to 16 times
    pub backoff: Duration,
    /// The longest that an answer holds the user's next request back, whatever it asks for
    pub pace: Duration,
    /// How long an unused connection is kept open
    pub idle: Duration,
}

impl Default for NetworkLimits {
    fn default() -> Self {
        NetworkLimits {
            connect: Duration::from_secs(5),
            // A throttled request is delayed by up to 30 s before it is answered.
            request: Duration::from_secs(35),
            object_bytes: 8 << 20,
            list_bytes: 64 << 20,
            stream_bytes: 20 << 10,
            stream_stretch: Duration::from_secs(20),
            attempts: 3,
            backoff: Duration::from_millis(500),
            // More than an action has time for, as a rule: a longer pause would make no difference to it.
            pace: Duration::from_secs(60),
            idle: Duration::from_secs(30),
        }
    }
}
