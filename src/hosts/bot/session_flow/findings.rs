//! The findings of the check of sessions at each node, and the faults and warnings that result.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::contract::Error;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;

/// Creates the visit of a node
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    /// Whether the node may succeed
    pub(super) may_work: bool,
    /// Whether every run takes this path
    pub(super) is_certain: bool,
    /// Whether an error is caught
    pub(super) is_caught: bool,
}

/// The findings at a node
struct NodeFindings<'p> {
    place: &'p Location,
    /// Whether the node may succeed on any path
    may_work: bool,
    /// Whether every run fails here
    ends_here: bool,
    /// Whether the error is caught on every path
    always_caught: bool,
    /// The error of the path with the highest weight
    error: Error,
    /// Whether the node may also succeed on that path
    depends: bool,
    weight: u8,
}

/// The findings, by the number of the bot and the line of the node
#[derive(Default)]
pub(super) struct SessionFindings<'p> {
    failing: BTreeMap<(usize, usize), NodeFindings<'p>>,
    /// The nodes that may succeed on at least one path
    working: BTreeSet<(usize, usize)>,
}

impl<'p> SessionFindings<'p> {
    /// Records that a node succeeds on a path
    pub(super) fn works(&mut self, bot: usize, place: &Location) {
        let key = (bot, place.line);
        self.working.insert(key);
        if let Some(found) = self.failing.get_mut(&key) {
            found.may_work = true;
        }
    }

    /// Records that a node may fail on a path
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
            Some(found) => {
                found.may_work |= may_work;
                found.ends_here |= ends_here;
                found.always_caught &= visit.is_caught;
                if weight > found.weight {
                    found.weight = weight;
                    found.error = error();
                    found.depends = visit.may_work;
                }
            }
            None => {
                let (always_caught, depends) = (visit.is_caught, visit.may_work);
                let found = NodeFindings {
                    place,
                    may_work,
                    ends_here,
                    always_caught,
                    error: error(),
                    depends,
                    weight,
                };
                self.failing.insert(key, found);
            }
        }
    }

    /// Returns faults for nodes that certainly fail or can never succeed, and warnings for nodes that may fail
    pub(super) fn into_results(self) -> (Vec<Fault>, Vec<FlowWarning>) {
        let (mut faults, mut warnings) = (Vec::new(), Vec::new());
        for found in self.failing.into_values() {
            let place = found.place.clone();
            if found.ends_here || !(found.may_work || found.always_caught) {
                faults.push(Fault { place, error: found.error });
                continue;
            }
            // The message of a node that may succeed on the same path already says that it depends on the path.
            let addition = match (found.always_caught, found.may_work && !found.depends) {
                (true, _) => "; the error is caught",
                (false, true) => "; it works on another path through the flow",
                (false, false) => "",
            };
            let text = format!("{}{addition}", found.error.message());
            warnings.push(FlowWarning { place, text, may_fail: !found.always_caught });
        }
        (faults, warnings)
    }
}
