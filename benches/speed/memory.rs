//! How much memory a piece of work takes on top of what is there: the peak that the system counts.

use std::fs;

/// How large the process was before any of what is measured, in MiB, where the system tells
///
/// Every growth counts from there: what earlier work left to the allocator counts as well, so that it hides nothing.
#[derive(Clone, Copy)]
pub(crate) struct Base(Option<f64>);

impl Base {
    pub(crate) fn now() -> Self {
        Base(status("VmRSS:"))
    }

    /// Runs some work; by how many MiB the process was larger at its largest
    pub(crate) async fn growth<T>(self, work: impl Future<Output = T>) -> (T, Option<f64>) {
        // Sets the peak back to what is resident now.
        let reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        let done = work.await;
        let peak = status("VmHWM:").filter(|_| reset);
        (done, peak.zip(self.0).map(|(peak, base)| (peak - base).max(0.0)))
    }
}

/// A line of the process's own status, in MiB
fn status(name: &str) -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
