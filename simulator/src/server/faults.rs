//! Faults on demand: what a network, a proxy or an unreliable service does to a request.

use std::sync::Arc;

use tokio::sync::Barrier;

/// A fault for the next request that matches, or for several of them.
///
/// ```
/// use azdo_simulator::Fault;
///
/// let twice_too_many = Fault::on("GET /fabrikam/_apis/projects*")
///     .times(2)
///     .answer(429, &[("Retry-After", "1"), ("Content-Type", "text/html")], "<html>slow down</html>");
/// let lost = Fault::on("POST */runs").lose_answer();
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    pattern: String,
    skip: u32,
    times: u32,
    pub(crate) kind: FaultKind,
}

/// The effect of a fault.
#[derive(Clone, Debug)]
pub(crate) enum FaultKind {
    /// This response, without any effect of the request.
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// The usual response with additional headers.
    Headers(Vec<(String, String)>),
    /// The connection is closed before the request has any effect.
    Refuse,
    /// The request takes effect, and the body of its response is changed.
    Rewrite(Rewrite),
    /// The request takes effect, then the connection is closed.
    LoseAnswer,
    /// The request takes effect, then no response is sent.
    Stall,
    /// The request waits until this many matching requests are in flight.
    Together(Arc<Barrier>),
}

/// A change of a response body.
#[derive(Clone)]
pub(crate) struct Rewrite(pub(crate) Arc<Change>);

type Change = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

impl std::fmt::Debug for Rewrite {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Rewrite")
    }
}

/// A fault without an effect.
#[derive(Clone, Debug)]
pub struct FaultPattern {
    pattern: String,
    skip: u32,
    times: u32,
}

impl Fault {
    /// Starts a fault for requests that match a pattern: a path as sent, without its query, optionally preceded by a
    /// method and a blank. `*` matches any text, and case is ignored. The fault applies once unless
    /// [`FaultPattern::times`] changes that.
    pub fn on(pattern: &str) -> FaultPattern {
        FaultPattern { pattern: pattern.to_owned(), skip: 0, times: 1 }
    }
}

impl FaultPattern {
    /// Sets the number of requests that the fault applies to.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Sets the number of matching requests that pass before the fault applies.
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Sends this response. The request has no effect. Headers that are not valid are left out.
    pub fn answer(self, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Fault {
        self.of(FaultKind::Answer { status, headers: owned(headers), body: body.into() })
    }

    /// Adds these headers to the usual response.
    pub fn add_headers(self, headers: &[(&str, &str)]) -> Fault {
        self.of(FaultKind::Headers(owned(headers)))
    }

    /// Changes the body of the response, after the request has taken effect.
    pub fn rewrite(self, change: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Fault {
        self.of(FaultKind::Rewrite(Rewrite(Arc::new(change))))
    }

    /// Closes the connection before the request has any effect.
    pub fn refuse(self) -> Fault {
        self.of(FaultKind::Refuse)
    }

    /// Closes the connection without a response, after the request has taken effect.
    pub fn lose_answer(self) -> Fault {
        self.of(FaultKind::LoseAnswer)
    }

    /// Keeps the connection open without ever sending a response, after the request has taken effect.
    pub fn stall(self) -> Fault {
        self.of(FaultKind::Stall)
    }

    /// Holds the requests back until this many are in flight, then lets all of them continue, which proves that they
    /// were in flight together. Applies to exactly this many requests.
    pub fn together(mut self, requests: u32) -> Fault {
        self.times = requests;
        self.of(FaultKind::Together(Arc::new(Barrier::new(requests as usize))))
    }

    fn of(self, kind: FaultKind) -> Fault {
        Fault { pattern: self.pattern, skip: self.skip, times: self.times, kind }
    }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The faults that have not applied yet, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.waiting.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Returns the fault for this request: the first that matches. A fault that still lets requests pass counts this
    /// one and leaves it to the next fault.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        if self.waiting.is_empty() {
            return None;
        }
        let mut struck = None;
        for fault in &mut self.waiting {
            if !fits(&fault.pattern, method, path) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times = fault.times.saturating_sub(1);
            struck = Some(fault.kind.clone());
            break;
        }
        self.waiting.retain(|fault| fault.times > 0);
        struck
    }
}

fn fits(pattern: &str, method: &str, path: &str) -> bool {
    match pattern.split_once(' ') {
        Some((wanted, pattern)) => wanted.eq_ignore_ascii_case(method) && fits_path(pattern, path),
        None => fits_path(pattern, path),
    }
}

fn fits_path(pattern: &str, path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let pattern = pattern.to_ascii_lowercase();
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(mut left) = path.strip_prefix(first) else { return false };
    let Some((middle, last)) = rest.rsplit_once('*') else { return left.ends_with(rest) };
    for part in middle.split('*') {
        let Some(position) = left.find(part) else { return false };
        left = &left[position + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use super::FaultKind;
    use super::Faults;
    use super::fits;

    #[test]
    fn patterns_match() {
        let rows: &[(&str, &str, &str, bool)] = &[
            ("*", "GET", "/a", true),
            ("/a", "GET", "/A", true),
            ("/a", "GET", "/a/b", false),
            ("GET /a*", "GET", "/a/b", true),
            ("POST /a*", "GET", "/a/b", false),
            ("*/runs", "POST", "/x/runs", true),
            ("*/runs", "POST", "/x/runs/1", false),
            ("/x/*/git/*/items", "GET", "/x/p/git/r/items", true),
            ("/x/*/git/*/items", "GET", "/x/p/r/items", false),
            ("/aa*aa", "GET", "/aaa", false),
        ];
        for &(pattern, method, path, expected) in rows {
            assert_eq!(fits(pattern, method, path), expected, "{pattern} on {method} {path}");
        }
    }

    #[test]
    fn a_fault_applies_a_set_number_of_times() {
        let mut faults = Faults::default();
        faults.add(Fault::on("/a").after(1).times(2).refuse());
        faults.add(Fault::on("/a").stall());
        let strikes: Vec<_> = (0..5)
            .map(|_| match faults.strike("GET", "/a") {
                Some(FaultKind::Refuse) => "refuse",
                Some(FaultKind::Stall) => "stall",
                Some(_) => "other",
                None => "none",
            })
            .collect();
        assert_eq!(strikes, ["stall", "refuse", "refuse", "none", "none"]);
        assert!(faults.strike("GET", "/b").is_none());
    }
}
