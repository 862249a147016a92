//! How many actions a process runs at once: a further one is refused at once, and those that run are not slowed down.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;

/// The actions that a process runs at once
const MOST: usize = 4096;

/// The places for actions
#[derive(Debug)]
pub(in crate::dispatch) struct Capacity {
    running: AtomicUsize,
    most: usize,
}

/// The place of an action, free again when this is dropped
pub(in crate::dispatch) struct RunningAction<'a>(&'a Capacity);

impl Default for Capacity {
    fn default() -> Self {
        Capacity::of(MOST)
    }
}

impl Capacity {
    pub(in crate::dispatch) fn of(most: usize) -> Self {
        Capacity { running: AtomicUsize::new(0), most }
    }

    /// Takes a place
    ///
    /// Errors: `limit.exceeded` if there is none.
    pub(in crate::dispatch) fn take(&self) -> Result<RunningAction<'_>, Error> {
        let one_more = |running| (running < self.most).then_some(running + 1);
        if self.running.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok() {
            return Ok(RunningAction(self));
        }
        let message = format!("This process runs {} actions already, and no more at once", self.most);
        Err(Error::new(ErrorCode::LimitExceeded, message)
            .help("Call the action again when others have ended; start fewer at once.")
            .retry(Retry::Later)
            .with("limit", self.most))
    }
}

impl Drop for RunningAction<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_refused_at_the_limit_and_free_again_when_it_is_dropped() {
        let capacity = Capacity::default();
        let mut places: Vec<_> = (0..MOST).map(|_| capacity.take().expect("there is a place")).collect();
        for _ in 0..MOST {
            let error = capacity.take().err().expect("all places are taken");
            assert_eq!((error.code(), error.retry_advice()), (ErrorCode::LimitExceeded, Retry::Later));
        }
        places.pop();
        assert!(capacity.take().is_ok(), "refusals take no place");
    }
}
