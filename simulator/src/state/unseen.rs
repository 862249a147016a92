//! New objects that are not visible yet, since the service's lists lag behind its writes for a moment.

use std::cell::Cell;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use tokio::time::Instant;

use crate::world::InvisibleFor;

/// How long something new stays invisible. By default it is visible.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Unseen {
    /// The number of requests for it that still do not see it.
    requests: Cell<u32>,
    /// On the clock that advances runs. After a restore it is visible.
    #[serde(skip)]
    until: Option<Instant>,
}

impl Unseen {
    /// For something that is created now.
    pub(crate) fn new(switch: InvisibleFor) -> Unseen {
        match switch {
            InvisibleFor::Requests(requests) => Unseen { requests: Cell::new(requests), until: None },
            InvisibleFor::Time { milliseconds } => Unseen {
                requests: Cell::default(),
                until: Instant::now().checked_add(Duration::from_millis(milliseconds)),
            },
        }
    }

    /// Returns whether a request for it sees it, alone or in a list. A request that does not see it is counted.
    pub(crate) fn look(&self) -> bool {
        let left = self.requests.get();
        self.requests.set(left.saturating_sub(1));
        left == 0 && self.until.is_none_or(|until| Instant::now() >= until)
    }
}

#[cfg(test)]
mod tests {
    use super::InvisibleFor;
    use super::Unseen;

    #[test]
    fn it_becomes_visible_after_requests_or_time() {
        let looks = |switch| {
            let unseen = Unseen::new(switch);
            [unseen.look(), unseen.look(), unseen.look()]
        };
        assert_eq!(looks(InvisibleFor::Requests(2)), [false, false, true]);
        assert_eq!(looks(InvisibleFor::Time { milliseconds: 3_600_000 }), [false; 3]);
        assert_eq!(looks(InvisibleFor::Time { milliseconds: 0 }), [true; 3]);
        assert!(Unseen::default().look());
    }
}
