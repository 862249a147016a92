//! What all parts of the page of a run use.

use std::time::Duration;

use crate::contract::Masker;
use crate::hosts::bot::Fault;
use crate::report::run_record::ActionRecord;

/// What all parts of the page use
pub(super) struct PageView<'a> {
    pub(super) fault: Option<&'a Fault>,
    pub(super) total: Duration,
    pub(super) masker: &'a Masker,
}

impl PageView<'_> {
    /// Returns a text with its tokens masked
    pub(super) fn shown(&self, text: &str) -> String {
        self.masker.mask(text).to_string()
    }

    /// Returns whether the run ended with the error of this action
    pub(super) fn ends_at(&self, action: &ActionRecord) -> bool {
        action.problem.is_some() && self.fault.is_some_and(|fault| fault.place == action.place)
    }
}
