//! What the operator's policy denies in a flow, before it runs: faults for what is known, warnings for the rest.

use crate::actions;
use crate::actions::AlsoPerforms;
use crate::contract::AllowedOrganizations;
use crate::contract::Error;
use crate::dispatch::Policy;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::Fault;
use crate::hosts::bot::FlowWarning;
use crate::hosts::bot::NodeNeeds;
use crate::hosts::bot::NodeOrganizations;
use crate::setup::Configuration;

/// Finds the actions, options and organizations of a flow that the policy denies
pub(super) fn check_policy(analysis: &mut Analysis, configuration: &Configuration) {
    let operator = &configuration.operator;
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    for node in &analysis.needs {
        let place = || node.place.clone();
        let action = action(node, &operator.policy);
        let organization = operator.organizations.as_ref().map(|allowed| organization(node, allowed));
        match (action, organization) {
            (Known::Denied(error), _) | (_, Some(Known::Denied(error))) => {
                faults.push(Fault { place: place(), error });
            }
            (action, organization) => {
                for text in [Some(action), organization].into_iter().flatten().filter_map(Known::into_warning)
                {
                    warnings.push(FlowWarning { place: place(), text, may_fail: true });
                }
            }
        }
    }
    faults.into_iter().for_each(|fault| analysis.add_fault(fault));
    warnings.into_iter().for_each(|warning| analysis.add_warning(warning));
}

/// What is known of a node before it runs
enum Known {
    /// It is allowed
    Allowed,
    /// It is denied
    Denied(Error),
    /// It may be denied, which the text says
    Perhaps(String),
}

impl Known {
    fn into_warning(self) -> Option<String> {
        match self {
            Known::Perhaps(text) => Some(text),
            Known::Allowed | Known::Denied(_) => None,
        }
    }
}

/// Returns what the policy says about the action of a node, with the options that do another action's work
fn action(node: &NodeNeeds, policy: &Policy) -> Known {
    let Some(entry) = actions::entry(&node.card.name) else { return Known::Allowed };
    let is_one_of = |some: &[&'static AlsoPerforms], also: &AlsoPerforms| {
        some.iter().any(|one| (one.field, one.value) == (also.field, also.value))
    };
    if let Err(error) = policy.check(entry, |also| is_one_of(&node.performs, also)) {
        return Known::Denied(error);
    }
    match policy.check(entry, |also| is_one_of(&node.may_perform, also)) {
        Ok(()) => Known::Allowed,
        Err(error) => Known::Perhaps(format!(
            "{}. Whether the flow does this is known only when the bot runs",
            error.message()
        )),
    }
}

/// Returns what the policy says about the organizations of a node
fn organization(node: &NodeNeeds, allowed: &AllowedOrganizations) -> Known {
    let known = match &node.organizations {
        NodeOrganizations::None => return Known::Allowed,
        NodeOrganizations::Known(known) => known,
        NodeOrganizations::Computed => {
            let place = &allowed.rule.place;
            return Known::Perhaps(format!(
                "the organization of \"{}\" is known only when the bot runs, and the operator's policy allows \
                 only some: organizations.allow ({place})",
                node.card.label
            ));
        }
    };
    let denied: Vec<Error> = known.iter().filter_map(|one| allowed.check(one).err()).collect();
    let is_every_one = denied.len() == known.len();
    match denied.into_iter().next() {
        None => Known::Allowed,
        Some(error) if is_every_one => Known::Denied(error),
        Some(error) => Known::Perhaps(format!(
            "{}. It is one of the values that a variable of the flow may have",
            error.message()
        )),
    }
}
