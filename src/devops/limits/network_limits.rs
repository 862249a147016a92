//! Times and sizes that every request keeps.

use std::time::Duration;

/// Times and sizes that every request keeps
#[derive(Debug, Clone)]
pub struct NetworkLimits {
    /// The longest wait for a connection, TLS included
    pub connect: Duration,
    /// The longest time from the start of a request to the last byte of its response
    pub request: Duration,
    /// The largest response that is one object, in bytes after decompression
    pub object_bytes: usize,
    /// The largest list, all its pages together, in bytes after decompression
    pub list_bytes: usize,
    /// The minimum throughput of a streamed file: bytes per `stream_stretch`
    pub stream_bytes: usize,
    /// The time over which `stream_bytes` are counted
    pub stream_stretch: Duration,
    /// The number of attempts of a request that fails; a write has one. Requests that the rate limit rejects do not
    /// count: they are sent again until the deadline of the call
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with each attempt, up to 16 times
    pub backoff: Duration,
    /// The longest pause of all requests of a user, whatever the service asks for
    pub pace: Duration,
    /// How long an idle connection is kept open
    pub idle: Duration,
}

impl Default for NetworkLimits {
    fn default() -> Self {
        NetworkLimits {
            connect: Duration::from_secs(5),
            // The service delays the response to a throttled request by up to 30 s.
            request: Duration::from_secs(35),
            object_bytes: 8 << 20,
            list_bytes: 64 << 20,
            stream_bytes: 20 << 10,
            stream_stretch: Duration::from_secs(20),
            attempts: 3,
            backoff: Duration::from_millis(500),
            // Longer than the time limit of most actions: a longer pause would not matter to them.
            pace: Duration::from_secs(60),
            idle: Duration::from_secs(30),
        }
    }
}
