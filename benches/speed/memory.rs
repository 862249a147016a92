//! The memory that a piece of work adds to the process: the peak, as the system counts it.

use std::fs;

/// The memory of the process before the measurements, in MiB; `None` if the system does not report it
///
/// Every growth counts from this base. It includes the memory that the allocator kept from earlier work, which would
/// otherwise hide a growth.
#[derive(Clone, Copy)]
pub(crate) struct Base(Option<f64>);

impl Base {
    pub(crate) fn now() -> Self {
        Base(status("VmRSS:"))
    }

    /// Runs some work; returns by how many MiB the peak exceeds the base
    pub(crate) async fn growth<T>(self, work: impl Future<Output = T>) -> (T, Option<f64>) {
        // Resets the peak to the current resident memory.
        let reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        let done = work.await;
        let peak = status("VmHWM:").filter(|_| reset);
        (done, peak.zip(self.0).map(|(peak, base)| (peak - base).max(0.0)))
    }
}

/// Returns a line of the status of this process, in MiB
fn status(name: &str) -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
