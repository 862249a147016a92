//! `find_action`: the actions that are no tools of their own, by words, with their inputs.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::dispatch::Policy;
use crate::hosts::mcp::offer::Offer;
use crate::package;
use crate::package::ActionCard;

/// How many actions are found at most
const MOST: usize = 12;

/// How many found actions are shown with their inputs
const WITH_INPUTS: usize = 2;

/// The arguments of `find_action`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindAction {
    #[serde(default)]
    query: String,
}

/// Returns the actions whose name, group or description have words of the query, the best first
///
/// An action that the server or the operator's policy denies is left out.
pub(super) fn find(wanted: &FindAction, offer: &Offer, policy: &Policy) -> Result<Json, Error> {
    let denied = |card: &ActionCard| policy.denies(&card.name, &Dictionary::default());
    let offered = package::actions().iter().filter(|card| offer.check_action(card).is_ok() && !denied(card));
    let words: Vec<String> =
        wanted.query.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    let exact = package::action(&wanted.query).map(|card| card.words);
    let mut found: Vec<(usize, &ActionCard)> = offered
        .map(|card| (if exact == Some(card.words) { usize::MAX } else { score(card, &words) }, card))
        .filter(|(score, _)| *score > 0)
        .collect();
    found.sort_by_key(|(score, _)| Reverse(*score));
    let with_inputs = if exact.is_some() { 1 } else { WITH_INPUTS };
    let shown = found.iter().take(MOST).enumerate();
    let actions: Vec<Json> = shown.map(|(place, (_, card))| described(card, place < with_inputs)).collect();
    Ok(json!({ "actions": actions, "more": found.len() > MOST }))
}

/// Returns how well an action fits: words in its name count most; with no word at all, every action fits
fn score(card: &ActionCard, words: &[String]) -> usize {
    let words = words.iter().filter(|word| word.len() > 1);
    let group = card.group.to_lowercase();
    let description = format!("{} {}", card.summary, card.details).to_lowercase();
    let mut asked = false;
    let fits: usize = words
        .map(|word| {
            asked = true;
            // "runs" fits "run", and "repo" fits "repository".
            let stem = word.strip_suffix('s').unwrap_or(word);
            4 * usize::from(card.words.contains(stem))
                + 2 * usize::from(group.contains(stem))
                + usize::from(description.contains(stem))
        })
        .sum();
    if asked { fits } else { 1 }
}

fn described(card: &ActionCard, with_inputs: bool) -> Json {
    let mut described = json!({
        "action": card.tool_name(),
        "summary": card.summary,
        "group": card.group,
        "effect": card.effect.as_str(),
    });
    if with_inputs {
        described["inputs"] = card.tool_input().into();
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, offer: &Offer) -> Vec<Json> {
        let wanted = FindAction { query: query.to_owned() };
        let found = find(&wanted, offer, &Policy::default()).expect("a search does not fail");
        found["actions"].as_array().cloned().expect("a list")
    }

    #[test]
    fn every_offered_action_is_found_by_each_of_its_names_and_no_other() {
        for offer in [Offer::new().destructive(true), Offer::new(), Offer::new().read_only(true)] {
            for card in package::actions() {
                let offered = offer.check_action(card).is_ok();
                for name in [card.name.clone(), card.words.to_owned(), card.tool_name(), card.label.clone()] {
                    let found = found(&name, &offer);
                    let is_it = |one: &Json| one["action"] == card.tool_name();
                    assert_eq!(found.iter().any(is_it), offered, "{name}");
                    if offered {
                        assert!(is_it(&found[0]) && found[0]["inputs"]["properties"].is_object(), "{name}");
                    }
                }
            }
        }
    }
}
