//! What a check of a flow's sessions has seen at each node, and what that comes to.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::contract::Error;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;

/// One way to come to a node
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    /// Whether the node can work then
    pub(super) may_work: bool,
    /// Whether the flow comes so in every run
    pub(super) is_certain: bool,
    /// Whether the flow goes on after an error
    pub(super) is_caught: bool,
}

/// What was seen at one node
struct Seen<'p> {
    place: &'p Location,
    /// Whether it can work in any of the ways to come to it
    may_work: bool,
    /// Whether every run ends here
    ends_here: bool,
    /// Whether an error is caught, whichever way it comes
    always_caught: bool,
    /// How it fails: the way that weighs most
    error: Error,
    /// Whether it may work on that way too
    depends: bool,
    weight: u8,
}

/// What was seen, by the bot's number and the node's line
#[derive(Default)]
pub(super) struct SessionFindings<'p> {
    failing: BTreeMap<(usize, usize), Seen<'p>>,
    /// The nodes that can work in one of the ways to come to them
    working: BTreeSet<(usize, usize)>,
}

impl<'p> SessionFindings<'p> {
    /// A node can work, coming this way
    pub(super) fn works(&mut self, bot: usize, place: &Location) {
        let key = (bot, place.line);
        self.working.insert(key);
        if let Some(seen) = self.failing.get_mut(&key) {
            seen.may_work = true;
        }
    }

    /// A node may fail, coming this way
    pub(super) fn fails(
        &mut self,
        bot: usize,
        place: &'p Location,
        visit: Visit,
        error: impl FnOnce() -> Error,
    ) {
        let key = (bot, place.line);
        let may_work = visit.may_work || self.working.contains(&key);
        let weight = u8::from(!visit.may_work) + u8::from(!visit.is_caught) + u8::from(visit.is_certain);
        let ends_here = !visit.may_work && visit.is_certain && !visit.is_caught;
        match self.failing.get_mut(&key) {
            Some(seen) => {
                seen.may_work |= may_work;
                seen.ends_here |= ends_here;
                seen.always_caught &= visit.is_caught;
                if weight > seen.weight {
                    seen.weight = weight;
                    seen.error = error();
                    seen.depends = visit.may_work;
                }
            }
            None => {
                let (always_caught, depends) = (visit.is_caught, visit.may_work);
                let seen =
                    Seen { place, may_work, ends_here, always_caught, error: error(), depends, weight };
                self.failing.insert(key, seen);
            }
        }
    }

    /// Faults where a node fails for certain, or can never work; warnings where it depends
    pub(super) fn told(self) -> (Vec<Fault>, Vec<FlowWarning>) {
        let (mut faults, mut warnings) = (Vec::new(), Vec::new());
        for seen in self.failing.into_values() {
            let place = seen.place.clone();
            if seen.ends_here || !(seen.may_work || seen.always_caught) {
                faults.push(Fault { place, error: seen.error });
                continue;
            }
            // What fails on one way only says so itself; what fails on this way works on another.
            let addition = match (seen.always_caught, seen.may_work && !seen.depends) {
                (true, _) => "; the error is caught",
                (false, true) => "; it works on another path through the flow",
                (false, false) => "",
            };
            let text = format!("{}{addition}", seen.error.message());
            warnings.push(FlowWarning { place, text, may_fail: !seen.always_caught });
        }
        (faults, warnings)
    }
}
