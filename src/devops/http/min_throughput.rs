//! The minimum throughput of a stream, which has no total time limit.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Checks that a stream transfers at least `bytes` in any `stretch` of time
pub(crate) struct MinThroughput {
    bytes: usize,
    stretch: Duration,
    /// The latest chunks, just enough for `bytes`
    latest: VecDeque<(Instant, usize)>,
    sum: usize,
    since: Instant,
}

impl MinThroughput {
    pub(crate) fn new(bytes: usize, stretch: Duration) -> Self {
        MinThroughput { bytes, stretch, latest: VecDeque::new(), sum: 0, since: Instant::now() }
    }

    /// Records a chunk
    pub(crate) fn arrived(&mut self, bytes: usize) {
        self.latest.push_back((Instant::now(), bytes));
        self.sum += bytes;
        while let Some((at, first)) =
            self.latest.front().copied().filter(|(_, first)| self.sum - first >= self.bytes)
        {
            self.latest.pop_front();
            self.sum -= first;
            self.since = at;
        }
    }

    /// Returns when the stream is too slow, unless another chunk arrives before
    pub(crate) fn deadline(&self) -> Instant {
        let from = self.latest.front().map_or(self.since, |(at, _)| *at);
        if self.sum >= self.bytes { from + self.stretch } else { self.since + self.stretch }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_steady_stream_continues_and_a_dripping_one_is_too_slow() {
        let second = Duration::from_secs(1);
        let mut steady = MinThroughput::new(20 * 1024, 20 * second);
        for _ in 0..100 {
            tokio::time::advance(second).await;
            steady.arrived(1024);
            assert!(steady.deadline() >= Instant::now());
        }
        let mut dripping = MinThroughput::new(20 * 1024, 20 * second);
        let start = Instant::now();
        for _ in 0..20 {
            tokio::time::advance(second).await;
            dripping.arrived(1000);
        }
        assert_eq!(dripping.deadline(), start + 20 * second);
        // A fast start does not allow a slow middle.
        let mut stalled = MinThroughput::new(20 * 1024, 20 * second);
        stalled.arrived(1 << 20);
        let last = Instant::now();
        tokio::time::advance(5 * second).await;
        stalled.arrived(10);
        assert_eq!(stalled.deadline(), last + 20 * second);
    }
}
