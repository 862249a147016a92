//! Files on their way out: handed over piece by piece, so that it is seen whether they get on.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::stream;
use reqwest::Body;
use tokio::time::Instant;

use crate::devops::http::min_throughput::MinThroughput;
use crate::devops::limits::network_limits::NetworkLimits;

/// How much is handed over at once: less than what has to go out in a stretch
const PIECE: usize = 16 << 10;

/// How far a request is: until when it has to get on
#[derive(Clone)]
pub(crate) struct UploadProgress(Arc<Mutex<Phase>>);

struct Phase {
    /// As long as a file goes out
    throughput: Option<MinThroughput>,
    /// When the last of the request went out, as far as is known
    sent: Instant,
    response: Duration,
}

impl UploadProgress {
    /// Of a request that starts now
    pub(crate) fn new(limits: &NetworkLimits) -> Self {
        UploadProgress(Arc::new(Mutex::new(Phase {
            throughput: None,
            sent: Instant::now(),
            response: limits.request,
        })))
    }

    /// When the request is too slow, unless it gets on until then
    pub(crate) fn deadline(&self) -> Instant {
        self.with(|phase| {
            phase.throughput.as_ref().map_or(phase.sent + phase.response, MinThroughput::deadline)
        })
    }

    /// Whether a file is still going out
    pub(crate) fn is_sending(&self) -> bool {
        self.with(|phase| phase.throughput.is_some())
    }

    /// A file as the body; the time for the answer starts when the last piece is handed over
    pub(crate) fn body(&self, file: Arc<Vec<u8>>, limits: &NetworkLimits) -> Body {
        if !file.is_empty() {
            self.with(|phase| {
                phase.throughput = Some(MinThroughput::new(limits.stream_bytes, limits.stream_stretch))
            });
        }
        let progress = self.clone();
        Body::wrap_stream(stream::iter((0..file.len().div_ceil(PIECE)).map(move |at| {
            let end = file.len().min((at + 1) * PIECE);
            let (piece, is_last) = (file[at * PIECE..end].to_vec(), end == file.len());
            progress.handed_over(piece.len(), is_last);
            Ok::<_, Infallible>(piece)
        })))
    }

    fn handed_over(&self, bytes: usize, is_last: bool) {
        self.with(|phase| {
            phase.sent = Instant::now();
            match &mut phase.throughput {
                Some(throughput) if !is_last => throughput.arrived(bytes),
                throughput => *throughput = None,
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Phase) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_file_has_no_total_time_but_has_to_get_on() {
        let limits = NetworkLimits::default();
        let start = Instant::now();
        let progress = UploadProgress::new(&limits);
        assert_eq!(progress.deadline(), start + limits.request, "no file: one time for all");
        let _body = progress.body(Arc::new(vec![0; 100 * PIECE]), &limits);
        assert_eq!(progress.deadline(), start + limits.stream_stretch);
        for _ in 0..99 {
            tokio::time::advance(Duration::from_secs(9)).await;
            progress.handed_over(PIECE, false);
            assert!(progress.deadline() > Instant::now());
        }
        let stalled = progress.deadline();
        assert!(stalled <= Instant::now() + limits.stream_stretch);
        progress.handed_over(PIECE, true);
        assert_eq!(progress.deadline(), Instant::now() + limits.request, "then the answer has its time");
        let empty = UploadProgress::new(&limits);
        let _body = empty.body(Arc::default(), &limits);
        assert_eq!(empty.deadline(), Instant::now() + limits.request, "nothing has to go out");
    }
}
