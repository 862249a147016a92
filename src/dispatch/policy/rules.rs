//! Which actions may run: the operator's rules, applied to the catalogue.

use std::collections::HashMap;

use crate::actions;
use crate::actions::AlsoPerforms;
use crate::actions::CATALOGUE;
use crate::actions::Effect;
use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::entries;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::PolicyRule;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::dispatch::policy::denied::DeniedAction;
use crate::dispatch::policy::denied::refusal;
use crate::dispatch::policy::limits::PolicyLimits;

/// What a rule about a group begins with
const GROUP: &str = "group:";

/// The group whose actions only a rule that names them denies: nothing works without a session
const SESSION_GROUP: &str = "Session";

/// The rules of the operator about actions, as written, each with its location
#[derive(Debug, Clone, Default)]
pub struct PolicyRules {
    /// The location of `actions.read_only = true`
    pub read_only: Option<String>,
    /// The location of `actions.allow`, and its names
    pub allow: Option<(String, Vec<NamedActions>)>,
    /// The names in `actions.deny`
    pub deny: Vec<NamedActions>,
    /// The limits of a bot run
    pub limits: PolicyLimits,
}

/// The name of an action or a group in a rule
#[derive(Debug, Clone)]
pub struct NamedActions {
    /// The name: `deleteRepository`, `group:approvals`
    pub name: String,
    /// Its key in the operator's file: `actions.deny.0`
    pub key: String,
    /// Its location: file, line and column
    pub place: String,
}

/// The operator's policy
///
/// By default everything is allowed.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    denied: HashMap<&'static str, PolicyRule>,
    read_only: Option<PolicyRule>,
    limits: PolicyLimits,
}

impl Policy {
    /// Applies rules to the actions of the catalogue
    ///
    /// `Err` has the key of a name that is no action and no group, and the reason.
    pub fn new(rules: PolicyRules) -> Result<Policy, (String, String)> {
        let mut denied = HashMap::new();
        for one in rules.deny {
            let entries = one.entries()?;
            let rule = format!("actions.deny = \"{}\"", printable(&one.name, 256));
            let rule = PolicyRule { rule, place: one.place };
            for entry in entries {
                denied.entry(entry.words).or_insert_with(|| rule.clone());
            }
        }
        let read_only =
            rules.read_only.map(|place| PolicyRule { rule: "actions.read_only = true".to_owned(), place });
        if let Some(rule) = &read_only {
            for entry in entries().filter(|entry| entry.effect != Effect::Reads) {
                denied.entry(entry.words).or_insert_with(|| rule.clone());
            }
        }
        if let Some((place, names)) = rules.allow {
            let mut allowed: Vec<&str> = Vec::new();
            for one in names {
                allowed.extend(one.entries()?.iter().map(|entry| entry.words));
            }
            let rule = PolicyRule { rule: "actions.allow does not list it".to_owned(), place };
            let others = CATALOGUE.iter().filter(|group| group.label != SESSION_GROUP);
            for entry in others.flat_map(|group| group.actions) {
                if !allowed.contains(&entry.words) {
                    denied.entry(entry.words).or_insert_with(|| rule.clone());
                }
            }
        }
        Ok(Policy { denied, read_only, limits: rules.limits })
    }

    /// Returns the actions that are denied in every call, in the order of the catalogue
    pub fn denied_actions(&self) -> Vec<DeniedAction> {
        entries().filter_map(|entry| Some(DeniedAction::new(entry, self.denied.get(entry.words)?))).collect()
    }

    /// Returns the error for an action that the policy denies, itself or with the values that `is_set` accepts
    ///
    /// Errors: `policy.denied`.
    pub fn check(&self, entry: &Entry, is_set: impl Fn(&AlsoPerforms) -> bool) -> Result<(), Error> {
        if let Some(rule) = self.denied.get(entry.words) {
            return Err(refusal(entry, rule));
        }
        for also in entry.also_performs.iter().filter(|also| is_set(also)) {
            if let Some(rule) = self.denied.get(also.action) {
                let AlsoPerforms { field, value, action } = also;
                let what = match also.is_always() {
                    true => entry.words.to_owned(),
                    false => format!("{} with {field} = {value}", entry.words),
                };
                return Err(rule.denies(&what, &format!(", as is {action}")));
            }
        }
        Ok(())
    }

    /// Returns the error for an action that the policy denies, itself or with these inputs
    ///
    /// Errors: `policy.denied`.
    pub(in crate::dispatch) fn check_inputs(&self, entry: &Entry, inputs: &Dictionary) -> Result<(), Error> {
        self.check(entry, |also| inputs.get(also.field).is_some_and(|set| also.is(set)))
    }

    /// Returns whether every call of an action with these inputs is denied
    ///
    /// `action` is its name in any spelling.
    pub fn denies(&self, action: &str, inputs: &Dictionary) -> bool {
        actions::entry(action).is_some_and(|entry| self.check_inputs(entry, inputs).is_err())
    }

    /// Returns the policy in a few words: `reading only, 43 of 67 actions denied`
    pub fn summary(&self) -> String {
        let denied = format!("{} of {} actions denied", self.denied.len(), entries().count());
        match (&self.read_only, self.denied.len()) {
            (Some(_), _) => format!("reading only, {denied}"),
            (None, 0) => "all actions allowed".to_owned(),
            (None, _) => denied,
        }
    }

    /// Returns the rule that forbids every change, if there is one
    pub fn read_only(&self) -> Option<&PolicyRule> {
        self.read_only.as_ref()
    }

    /// Returns the limits of a bot run
    pub fn limits(&self) -> &PolicyLimits {
        &self.limits
    }
}

impl NamedActions {
    fn entries(&self) -> Result<Vec<&'static Entry>, (String, String)> {
        named(&self.name).map_err(|reason| (self.key.clone(), reason))
    }
}

/// Returns the actions that a rule names: one action, or those of a group
fn named(name: &str) -> Result<Vec<&'static Entry>, String> {
    let shown = printable(name, 256);
    if let Some(group) = name.strip_prefix(GROUP) {
        return match actions::group(group) {
            Some(found) => Ok(found.actions.iter().collect()),
            None => {
                let keys: Vec<String> = CATALOGUE.iter().map(group_key).collect();
                let hint = did_you_mean(nearest(name, keys.iter().map(String::as_str)));
                Err(format!("names no group of actions: there is no \"{shown}\"{hint}"))
            }
        };
    }
    match actions::entry(name) {
        Some(entry) => Ok(vec![entry]),
        None => {
            let hint = match actions::group(name) {
                Some(group) => did_you_mean(Some(&group_key(group))),
                None => actions::similar_action(name),
            };
            Err(format!("names no action: there is no \"{shown}\"{hint}"))
        }
    }
}

/// Returns the name of a group in a rule: `group:pull-requests`
fn group_key(group: &Group) -> String {
    format!("{GROUP}{}", group.label.to_ascii_lowercase().replace(' ', "-"))
}
