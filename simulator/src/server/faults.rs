//! Faults on demand: what a network, a proxy or the service in a bad hour does to a request.

use std::sync::Arc;

use tokio::sync::Barrier;

/// A fault for the next request that fits, or for several of them.
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

/// What happens to the request.
#[derive(Clone, Debug)]
pub(crate) enum FaultKind {
    /// Answered with this, without any effect.
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// Answered as usual, with these headers on top.
    Headers(Vec<(String, String)>),
    /// The connection is closed before anything happened.
    Refuse,
    /// It takes effect, and its answer's body goes through this.
    Rewrite(Rewrite),
    /// It takes effect, then the connection is closed.
    LoseAnswer,
    /// It takes effect, then nothing ever comes.
    Stall,
    /// It waits until so many requests that fit are under way.
    Together(Arc<Barrier>),
}

/// What becomes of a body.
#[derive(Clone)]
pub(crate) struct Rewrite(pub(crate) Arc<Change>);

type Change = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

impl std::fmt::Debug for Rewrite {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Rewrite")
    }
}

/// A fault whose kind is still to be said.
#[derive(Clone, Debug)]
pub struct FaultPattern {
    pattern: String,
    skip: u32,
    times: u32,
}

impl Fault {
    /// Begins a fault for requests that fit the pattern: a path as sent, without its query, perhaps with a
    /// method and a blank in front; `*` stands for any text; case does not matter. It strikes once unless
    /// [`FaultPattern::times`] says otherwise.
    pub fn on(pattern: &str) -> FaultPattern {
        FaultPattern { pattern: pattern.to_owned(), skip: 0, times: 1 }
    }
}

impl FaultPattern {
    /// How many requests it strikes.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// How many requests that fit it lets pass before it strikes.
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Answers with this; the request has no effect. A header that is not valid is left out.
    pub fn answer(self, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Fault {
        self.of(FaultKind::Answer { status, headers: owned(headers), body: body.into() })
    }

    /// Answers as usual and adds these headers.
    pub fn add_headers(self, headers: &[(&str, &str)]) -> Fault {
        self.of(FaultKind::Headers(owned(headers)))
    }

    /// Lets the request take effect, and answers with what the change makes of the body.
    pub fn rewrite(self, change: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Fault {
        self.of(FaultKind::Rewrite(Rewrite(Arc::new(change))))
    }

    /// Closes the connection before the request has any effect.
    pub fn refuse(self) -> Fault {
        self.of(FaultKind::Refuse)
    }

    /// Lets the request take effect, then closes the connection without an answer.
    pub fn lose_answer(self) -> Fault {
        self.of(FaultKind::LoseAnswer)
    }

    /// Lets the request take effect, then keeps the connection open and never answers.
    pub fn stall(self) -> Fault {
        self.of(FaultKind::Stall)
    }

    /// Holds the requests back until this many are under way, then lets all go on: if they are answered at all,
    /// they were in flight together. Strikes exactly that many.
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

/// The faults that have not struck yet, in the order in which they were set.
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

    /// The fault that strikes this request: the first that fits. One that only lets it pass counts it and leaves
    /// it to the next.
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
    fn patterns_fit() {
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
    fn a_fault_strikes_as_often_as_it_says() {
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
