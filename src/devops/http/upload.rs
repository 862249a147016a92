//! Uploads: files are sent in pieces, so that their throughput can be measured.

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

/// The size of a piece: less than the minimum throughput of a stretch
const PIECE: usize = 16 << 10;

/// The progress of a request, and the deadline for more progress
#[derive(Clone)]
pub(crate) struct UploadProgress(Arc<Mutex<Phase>>);

struct Phase {
    /// Set while a file is sent
    throughput: Option<MinThroughput>,
    /// When the last part of the request was sent, as far as known
    sent: Instant,
    response: Duration,
}

impl UploadProgress {
    /// Creates the progress of a request that starts now
    pub(crate) fn new(limits: &NetworkLimits) -> Self {
        UploadProgress(Arc::new(Mutex::new(Phase {
            throughput: None,
            sent: Instant::now(),
            response: limits.request,
        })))
    }

    /// Returns when the request is too slow, unless it makes progress before
    pub(crate) fn deadline(&self) -> Instant {
        self.with(|phase| {
            phase.throughput.as_ref().map_or(phase.sent + phase.response, MinThroughput::deadline)
        })
    }

    /// Whether a file is still being sent
    pub(crate) fn is_sending(&self) -> bool {
        self.with(|phase| phase.throughput.is_some())
    }

    /// Returns a file as the body; the time limit of the response starts with the last piece
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
            progress.sent_piece(piece.len(), is_last);
            Ok::<_, Infallible>(piece)
        })))
    }

    fn sent_piece(&self, bytes: usize, is_last: bool) {
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
    async fn a_file_has_no_total_time_limit_but_a_minimum_throughput() {
        let limits = NetworkLimits::default();
        let start = Instant::now();
        let progress = UploadProgress::new(&limits);
        assert_eq!(progress.deadline(), start + limits.request, "no file: one time limit");
        let _body = progress.body(Arc::new(vec![0; 100 * PIECE]), &limits);
        assert_eq!(progress.deadline(), start + limits.stream_stretch);
        for _ in 0..99 {
            tokio::time::advance(Duration::from_secs(9)).await;
            progress.sent_piece(PIECE, false);
            assert!(progress.deadline() > Instant::now());
        }
        let stalled = progress.deadline();
        assert!(stalled <= Instant::now() + limits.stream_stretch);
        progress.sent_piece(PIECE, true);
        assert_eq!(
            progress.deadline(),
            Instant::now() + limits.request,
            "then the time limit of the response applies"
        );
        let empty = UploadProgress::new(&limits);
        let _body = empty.body(Arc::default(), &limits);
        assert_eq!(empty.deadline(), Instant::now() + limits.request, "there is nothing to send");
    }
}
